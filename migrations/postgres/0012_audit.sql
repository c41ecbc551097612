-- The audit log: what happened to accounts and by whose hand. Entries are written unsealed and sealed in order, a moment
-- later, into a chain of hashes. No foreign keys: entries outlive what they tell of. Times are microseconds since 1970.

CREATE TABLE audit_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    actor_id BIGINT,
    subject_id BIGINT,
    target_kind TEXT COLLATE "C",
    target_id TEXT COLLATE "C",
    session_id BIGINT,
    ip TEXT COLLATE "C" NOT NULL,
    user_agent TEXT NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
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

CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only';
END
$$;
-- Sealing is the only change, and it happens once.
CREATE TRIGGER audit_log_seal_only BEFORE UPDATE ON audit_log FOR EACH ROW
    WHEN (OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.previous IS NULL OR NEW.hash IS NULL
        OR NEW.id IS DISTINCT FROM OLD.id OR NEW.at IS DISTINCT FROM OLD.at OR NEW.event IS DISTINCT FROM OLD.event
        OR NEW.outcome IS DISTINCT FROM OLD.outcome OR NEW.actor_id IS DISTINCT FROM OLD.actor_id
        OR NEW.subject_id IS DISTINCT FROM OLD.subject_id OR NEW.target_kind IS DISTINCT FROM OLD.target_kind
        OR NEW.target_id IS DISTINCT FROM OLD.target_id OR NEW.session_id IS DISTINCT FROM OLD.session_id
        OR NEW.ip IS DISTINCT FROM OLD.ip OR NEW.user_agent IS DISTINCT FROM OLD.user_agent
        OR NEW.request_id IS DISTINCT FROM OLD.request_id OR NEW.details IS DISTINCT FROM OLD.details)
    EXECUTE FUNCTION audit_log_refuse();
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_refuse();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse();
CREATE TRIGGER audit_log_unsealed_first BEFORE INSERT ON audit_log FOR EACH ROW
    WHEN (NEW.seq IS NOT NULL OR NEW.previous IS NOT NULL OR NEW.hash IS NOT NULL)
    EXECUTE FUNCTION audit_log_refuse();

-- The last sealed entry, and which instance seals until when: one row.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    sealer TEXT COLLATE "C" NOT NULL,
    lease_until BIGINT NOT NULL
);
INSERT INTO audit_head (id, seq, hash, sealer, lease_until)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', '', 0);
CREATE FUNCTION audit_head_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_head only goes forward';
END
$$;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW
    WHEN (NEW.seq < OLD.seq OR (NEW.seq = OLD.seq AND NEW.hash <> OLD.hash))
    EXECUTE FUNCTION audit_head_refuse();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_refuse();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_head_refuse();

-- Suspended accounts can't sign in. Without an end: until it is lifted.
ALTER TABLE users ADD COLUMN suspended_at BIGINT;
ALTER TABLE users ADD COLUMN suspended_until BIGINT;
ALTER TABLE users ADD COLUMN suspended_reason TEXT;
CREATE INDEX users_created ON users (created_at DESC, id DESC);
