-- The audit log: what happened to accounts and by whose hand. Entries are written unsealed and sealed in order, a moment
-- later, into a chain of hashes. No foreign keys: entries outlive what they tell of. Times are microseconds since 1970.

CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor_id BIGINT,
    subject_id BIGINT,
    target_kind TEXT,
    target_id TEXT,
    session_id BIGINT,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    request_id TEXT NOT NULL,
    details TEXT NOT NULL,
    seq BIGINT UNIQUE,
    previous TEXT,
    hash TEXT
);
CREATE INDEX audit_log_unsealed ON audit_log (id) WHERE seq IS NULL;
CREATE INDEX audit_log_at ON audit_log (at DESC, id DESC);
CREATE INDEX audit_log_actor ON audit_log (actor_id, at DESC, id DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_subject ON audit_log (subject_id, at DESC, id DESC) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_event ON audit_log (event, at DESC, id DESC);
CREATE INDEX audit_log_ip ON audit_log (ip, at DESC, id DESC);
CREATE INDEX audit_log_request ON audit_log (request_id);
CREATE INDEX audit_log_target ON audit_log (target_id, at DESC, id DESC) WHERE target_id IS NOT NULL;

-- Sealing is the only change, and it happens once.
CREATE TRIGGER audit_log_seal_only BEFORE UPDATE ON audit_log
WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.previous IS NULL OR NEW.hash IS NULL
    OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.event IS NOT OLD.event OR NEW.outcome IS NOT OLD.outcome
    OR NEW.actor_id IS NOT OLD.actor_id OR NEW.subject_id IS NOT OLD.subject_id
    OR NEW.target_kind IS NOT OLD.target_kind OR NEW.target_id IS NOT OLD.target_id
    OR NEW.session_id IS NOT OLD.session_id OR NEW.ip IS NOT OLD.ip OR NEW.user_agent IS NOT OLD.user_agent
    OR NEW.request_id IS NOT OLD.request_id OR NEW.details IS NOT OLD.details
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
-- Also against INSERT OR REPLACE, which deletes without asking the trigger above.
CREATE TRIGGER audit_log_unsealed_first BEFORE INSERT ON audit_log
WHEN NEW.seq IS NOT NULL OR NEW.previous IS NOT NULL OR NEW.hash IS NOT NULL
    OR EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

-- The last sealed entry, and which instance seals until when: one row.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    sealer TEXT NOT NULL,
    lease_until BIGINT NOT NULL
);
INSERT INTO audit_head (id, seq, hash, sealer, lease_until)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', '', 0);
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
WHEN NEW.seq < OLD.seq OR (NEW.seq = OLD.seq AND NEW.hash <> OLD.hash)
BEGIN
    SELECT RAISE(ABORT, 'audit_head only goes forward');
END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'audit_head only goes forward');
END;

-- Suspended accounts can't sign in. Without an end: until it is lifted.
ALTER TABLE users ADD COLUMN suspended_at BIGINT;
ALTER TABLE users ADD COLUMN suspended_until BIGINT;
ALTER TABLE users ADD COLUMN suspended_reason TEXT;
CREATE INDEX users_created ON users (created_at DESC, id DESC);
