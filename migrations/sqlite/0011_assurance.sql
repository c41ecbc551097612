-- How each session was authenticated, and second factors. Sessions from before this rest on a password.
ALTER TABLE sessions ADD COLUMN methods TEXT NOT NULL DEFAULT 'pwd';
ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN elevated_at BIGINT;
UPDATE sessions SET authenticated_at = created_at;

-- One secret for each account, sealed. It counts from `enabled_at` on. A step of 30 seconds is accepted once.
CREATE TABLE totp (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    secret BLOB NOT NULL,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    enabled_at BIGINT
) WITHOUT ROWID;

-- Digests of one-time codes; a used one stays until the set is replaced, so that it can be counted.
CREATE TABLE backup_codes (
    user_id BIGINT NOT NULL REFERENCES users (id),
    digest BLOB NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, digest)
) WITHOUT ROWID;
