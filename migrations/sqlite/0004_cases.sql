-- Validation cases and their append-only logs.

CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    category_id BIGINT NOT NULL REFERENCES categories (id),
    owner_id BIGINT NOT NULL REFERENCES users (id),
    bounty BIGINT NOT NULL,
    status TEXT NOT NULL,
    deadline BIGINT,
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
    log_seq BIGINT NOT NULL,
    deleted_at BIGINT,
    deleted_by BIGINT,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    tags TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content TEXT NOT NULL,
    content_html TEXT NOT NULL
);

CREATE INDEX cases_latest ON cases (last_activity_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX cases_newest ON cases (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX cases_top ON cases (score DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX cases_unanswered ON cases (created_at DESC, id DESC) WHERE deleted_at IS NULL AND reply_count = 0;
CREATE INDEX cases_category_latest ON cases (category_id, last_activity_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX cases_category_newest ON cases (category_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX cases_category_top ON cases (category_id, score DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX cases_category_unanswered ON cases (category_id, created_at DESC, id DESC) WHERE deleted_at IS NULL AND reply_count = 0;
CREATE INDEX cases_status ON cases (status, last_activity_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX cases_owner ON cases (owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE case_tags (
    tag TEXT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    PRIMARY KEY (tag, case_id)
) WITHOUT ROWID;

CREATE TABLE case_log (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL,
    actor_id BIGINT,
    action TEXT NOT NULL,
    details TEXT NOT NULL,
    at BIGINT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
) WITHOUT ROWID;

CREATE TRIGGER case_log_no_update BEFORE UPDATE ON case_log
BEGIN
    SELECT RAISE(ABORT, 'case_log is append-only');
END;
CREATE TRIGGER case_log_no_delete BEFORE DELETE ON case_log
BEGIN
    SELECT RAISE(ABORT, 'case_log is append-only');
END;
