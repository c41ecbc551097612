-- Work for later: letters first of all. A row goes when its work is done, so no payload outlives its use.

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    -- While a job lives, no other of its kind may have the same key.
    dedup TEXT,
    -- Sealed: it may hold links that open accounts.
    payload BLOB NOT NULL,
    -- Not to be claimed before. While it is claimed: when the lease ends.
    due_at BIGINT NOT NULL,
    -- Who holds the lease; absent when nobody does.
    claim BLOB,
    attempts BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    -- When it was given up.
    dead_at BIGINT
);
CREATE INDEX jobs_due ON jobs (kind, due_at, id) WHERE dead_at IS NULL;
CREATE UNIQUE INDEX jobs_dedup ON jobs (kind, dedup) WHERE dedup IS NOT NULL AND dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (dead_at DESC, id DESC) WHERE dead_at IS NOT NULL;
