-- Who blocks whom. The key answers for both directions; the index lists the newest first.

CREATE TABLE blocks (
    blocker_id BIGINT NOT NULL REFERENCES users (id),
    blocked_id BIGINT NOT NULL REFERENCES users (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id)
);
CREATE INDEX blocks_newest ON blocks (blocker_id, at DESC, blocked_id);
