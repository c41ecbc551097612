-- Feature data: replies, reactions, and the figures that are carried to threads and cases. No references to other tables:
-- this data may live in another store than what it belongs to.

CREATE TABLE replies (
    id BIGINT PRIMARY KEY,
    target_kind TEXT COLLATE "C" NOT NULL,
    target_id BIGINT NOT NULL,
    parent_id BIGINT,
    depth BIGINT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    author_id BIGINT NOT NULL,
    -- Whether it has a place in the list: not deleted, or deleted after it was answered.
    placed BOOLEAN NOT NULL DEFAULT TRUE,
    reacted_like BIGINT NOT NULL DEFAULT 0,
    reacted_love BIGINT NOT NULL DEFAULT 0,
    reacted_haha BIGINT NOT NULL DEFAULT 0,
    reacted_wow BIGINT NOT NULL DEFAULT 0,
    reacted_sad BIGINT NOT NULL DEFAULT 0,
    reacted_angry BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    content TEXT NOT NULL,
    content_html TEXT NOT NULL
);
CREATE UNIQUE INDEX replies_place ON replies (target_kind, target_id, path) WHERE placed;
CREATE INDEX replies_parent ON replies (parent_id) WHERE parent_id IS NOT NULL AND placed;

CREATE TABLE reactions (
    user_id BIGINT NOT NULL,
    target_kind TEXT COLLATE "C" NOT NULL,
    target_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (user_id, target_kind, target_id)
);

CREATE TABLE tallies (
    target_kind TEXT COLLATE "C" NOT NULL,
    target_id BIGINT NOT NULL,
    seq BIGINT NOT NULL DEFAULT 0,
    confirmed_seq BIGINT NOT NULL DEFAULT 0,
    replies BIGINT NOT NULL DEFAULT 0,
    places BIGINT NOT NULL DEFAULT 0,
    last_reply_at BIGINT,
    last_reply_by BIGINT,
    reacted_like BIGINT NOT NULL DEFAULT 0,
    reacted_love BIGINT NOT NULL DEFAULT 0,
    reacted_haha BIGINT NOT NULL DEFAULT 0,
    reacted_wow BIGINT NOT NULL DEFAULT 0,
    reacted_sad BIGINT NOT NULL DEFAULT 0,
    reacted_angry BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (target_kind, target_id)
);
CREATE INDEX tallies_pending ON tallies (target_kind, target_id) WHERE confirmed_seq < seq;
