-- What "this wasn't me" has undone: links to other addresses that were mailed in that stretch of time are void. A thief's own link,
-- which went to the address they had put in, must not undo the owner's undoing.

CREATE TABLE undoings (
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- When the letter was written whose link was followed.
    from_at BIGINT NOT NULL,
    -- When it was followed.
    until_at BIGINT NOT NULL,
    -- The address that came back.
    email TEXT NOT NULL,
    PRIMARY KEY (user_id, until_at, email)
);
