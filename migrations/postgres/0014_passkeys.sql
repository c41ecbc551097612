-- Passkeys (WebAuthn credentials). An authenticator knows an account by a random handle, which tells nothing of its owner.

CREATE TABLE passkey_handles (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    handle BYTEA NOT NULL UNIQUE
);

CREATE TABLE passkeys (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- Unique among all accounts: a credential belongs to one of them.
    credential BYTEA NOT NULL UNIQUE,
    public_key BYTEA NOT NULL,
    name TEXT NOT NULL,
    counter BIGINT NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backed_up BOOLEAN NOT NULL,
    -- Words separated by spaces.
    transports TEXT NOT NULL,
    aaguid TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at, id);
