-- Personal API tokens. Only a digest is kept; a token that is revoked is deleted, the audit log keeps that it was.

CREATE TABLE api_tokens (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    digest BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Words separated by spaces.
    scopes TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    last_used_ip TEXT
);
CREATE INDEX api_tokens_of_user ON api_tokens (user_id, created_at DESC);
CREATE INDEX api_tokens_expired ON api_tokens (expires_at);
