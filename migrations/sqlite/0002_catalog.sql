-- Categories and tags, with the figures that every post keeps up in its own transaction.

CREATE TABLE categories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name_id TEXT NOT NULL,
    name_en TEXT NOT NULL,
    description_id TEXT NOT NULL,
    description_en TEXT NOT NULL,
    colour TEXT NOT NULL,
    icon TEXT NOT NULL,
    position BIGINT NOT NULL,
    post_count BIGINT NOT NULL DEFAULT 0,
    last_activity_at BIGINT
);

CREATE TABLE tags (
    slug TEXT NOT NULL PRIMARY KEY,
    thread_count BIGINT NOT NULL DEFAULT 0,
    case_count BIGINT NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX tags_used ON tags ((thread_count + case_count) DESC, slug);
