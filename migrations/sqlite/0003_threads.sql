-- Threads. The long columns come last, so that lists never touch the pages they spill over to.

CREATE TABLE threads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    category_id BIGINT NOT NULL REFERENCES categories (id),
    author_id BIGINT NOT NULL REFERENCES users (id),
    pinned BOOLEAN NOT NULL DEFAULT FALSE,
    locked BOOLEAN NOT NULL DEFAULT FALSE,
    reply_count BIGINT NOT NULL DEFAULT 0,
    reply_rows BIGINT NOT NULL DEFAULT 0,
    reacted_like BIGINT NOT NULL DEFAULT 0,
    reacted_love BIGINT NOT NULL DEFAULT 0,
    reacted_haha BIGINT NOT NULL DEFAULT 0,
    reacted_wow BIGINT NOT NULL DEFAULT 0,
    reacted_sad BIGINT NOT NULL DEFAULT 0,
    reacted_angry BIGINT NOT NULL DEFAULT 0,
    score BIGINT NOT NULL DEFAULT 0,
    tally_seq BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    changed_at BIGINT NOT NULL,
    last_activity_at BIGINT NOT NULL,
    last_reply_by BIGINT,
    deleted_at BIGINT,
    deleted_by BIGINT,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    tags TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content TEXT NOT NULL,
    content_html TEXT NOT NULL
);

-- One index for each order, over everything and within a category.
CREATE INDEX threads_latest ON threads (last_activity_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX threads_newest ON threads (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX threads_top ON threads (score DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX threads_unanswered ON threads (created_at DESC, id DESC) WHERE deleted_at IS NULL AND reply_count = 0;
CREATE INDEX threads_category_pinned ON threads (category_id, pinned DESC, last_activity_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX threads_category_newest ON threads (category_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX threads_category_top ON threads (category_id, score DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX threads_category_unanswered ON threads (category_id, created_at DESC, id DESC) WHERE deleted_at IS NULL AND reply_count = 0;
CREATE INDEX threads_author ON threads (author_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE thread_tags (
    tag TEXT NOT NULL,
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    PRIMARY KEY (tag, thread_id)
) WITHOUT ROWID;
