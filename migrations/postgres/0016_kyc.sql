-- Files, pictures of people, and identity documents. Times are microseconds since 1970.

-- What a file is and the key of its content, sealed. A row stands here before the content is written and until after it was
-- deleted, so that content without a row can't be.
CREATE TABLE files (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner_id BIGINT NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    -- writing, kept, going
    state TEXT NOT NULL,
    data_key BYTEA NOT NULL,
    file_type TEXT,
    size BIGINT,
    sha256 BYTEA,
    created_at BIGINT NOT NULL
);
CREATE INDEX files_unfinished ON files (state, created_at) WHERE state <> 'kept';

CREATE TABLE avatars (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    large_id TEXT COLLATE "C" NOT NULL REFERENCES files (id),
    small_id TEXT COLLATE "C" NOT NULL REFERENCES files (id),
    set_at BIGINT NOT NULL
);

ALTER TABLE users ADD COLUMN kyc_level BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN kyc_status TEXT NOT NULL DEFAULT 'none';

CREATE TABLE kyc_submissions (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    status TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by BIGINT REFERENCES users (id),
    level BIGINT,
    reason TEXT
);
-- One waits at a time.
CREATE UNIQUE INDEX kyc_submissions_pending ON kyc_submissions (user_id) WHERE status = 'pending';
CREATE INDEX kyc_submissions_user ON kyc_submissions (user_id, submitted_at DESC);
CREATE INDEX kyc_submissions_queue ON kyc_submissions (status, submitted_at);

-- The row outlives the file: what was shown when stays known by its digest.
CREATE TABLE kyc_documents (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- NULL until it is submitted.
    submission_id BIGINT REFERENCES kyc_submissions (id),
    kind TEXT NOT NULL,
    file_id TEXT COLLATE "C" REFERENCES files (id),
    file_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    uploaded_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX kyc_documents_waiting ON kyc_documents (user_id, kind) WHERE submission_id IS NULL;
CREATE INDEX kyc_documents_submission ON kyc_documents (submission_id);
CREATE INDEX kyc_documents_file ON kyc_documents (file_id) WHERE file_id IS NOT NULL;
