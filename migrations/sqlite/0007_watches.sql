-- Who watches or muted a thread or case. The key's order serves both ways: one person's watch, and everyone who watches.

CREATE TABLE watches (
    target_kind TEXT NOT NULL,
    target_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    level TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (target_kind, target_id, user_id)
) WITHOUT ROWID;
