-- Requests to recover an account whose owner lost every second factor. Times are microseconds since 1970.

CREATE TABLE recoveries (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- waiting, review, ready, done, stopped, rejected, lapsed
    state TEXT NOT NULL,
    statement TEXT,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    waits_until BIGINT NOT NULL,
    -- How often the owner was told.
    announced BIGINT NOT NULL,
    -- When there is something to do; NULL: somebody else's turn, or the end.
    next_at BIGINT,
    -- Of the link that finishes it.
    digest BYTEA UNIQUE,
    link_until BIGINT,
    decided_by BIGINT REFERENCES users (id),
    decided_at BIGINT,
    reason TEXT,
    ended_at BIGINT,
    -- link, session, factor, password, not_me
    stopped_by TEXT
);
-- One is open at a time.
CREATE UNIQUE INDEX recoveries_open ON recoveries (user_id) WHERE state IN ('waiting', 'review', 'ready');
CREATE INDEX recoveries_of_user ON recoveries (user_id, asked_at DESC);
CREATE INDEX recoveries_due ON recoveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX recoveries_queue ON recoveries (waits_until) WHERE state = 'review';

-- When the account last lost its second factors to a recovery: money can't leave for a while after that.
ALTER TABLE users ADD COLUMN recovered_at BIGINT;
