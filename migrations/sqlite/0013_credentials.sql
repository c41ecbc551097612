-- Wrong passwords since the last right one, by a digest of the address they were typed for: accounts and addresses without one
-- are counted alike, so that neither answer nor time tells them apart.
CREATE TABLE password_failures (
    address BLOB NOT NULL PRIMARY KEY,
    consecutive BIGINT NOT NULL,
    total BIGINT NOT NULL,
    locked_until BIGINT,
    last_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX password_failures_last ON password_failures (last_at);

-- Devices that an account was used on.
CREATE TABLE known_devices (
    user_id BIGINT NOT NULL REFERENCES users (id),
    device TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    PRIMARY KEY (user_id, device)
) WITHOUT ROWID;

-- The address that an account is to get, once a link in a letter to it was followed.
CREATE TABLE email_changes (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    email TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

-- What somebody wrote, for taking it along.
CREATE INDEX replies_author ON replies (author_id, id) WHERE deleted_at IS NULL;
