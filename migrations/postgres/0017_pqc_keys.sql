-- Signing keys (ML-DSA-65, FIPS 204), and the signatures that were accepted of late.

CREATE TABLE pqc_keys (
    -- The SHA-256 of the public key. A key that was removed stays, so that it can't come back.
    id BYTEA NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    public_key BYTEA NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX pqc_keys_of_user ON pqc_keys (user_id, created_at, id);

-- A signature is accepted once. Kept for as long as its time would let it pass again.
CREATE TABLE pqc_signatures (
    digest BYTEA NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pqc_signatures_by_end ON pqc_signatures (expires_at);
