-- What posts said before each edit, numbered from 1 without gaps. Threads' versions are core data; replies' versions are
-- feature data, without references to other tables.

CREATE TABLE thread_versions (
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    version BIGINT NOT NULL,
    replaced_at BIGINT NOT NULL,
    replaced_by BIGINT NOT NULL,
    content_type TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    content_html TEXT NOT NULL,
    PRIMARY KEY (thread_id, version)
);

CREATE TABLE reply_versions (
    reply_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    replaced_at BIGINT NOT NULL,
    replaced_by BIGINT NOT NULL,
    content TEXT NOT NULL,
    content_html TEXT NOT NULL,
    PRIMARY KEY (reply_id, version)
);
