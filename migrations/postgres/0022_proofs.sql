-- A password that was set with a mailed link on an account with passkeys: it opens nothing by itself until a passkey (or the app) was
-- shown beside it, or it was changed in an elevated session.
ALTER TABLE users ADD COLUMN password_mailed BOOLEAN NOT NULL DEFAULT FALSE;

-- What a session was elevated with: what it began with may be weeks old. Sessions that are elevated now prove themselves once more.
ALTER TABLE sessions ADD COLUMN elevated_by TEXT NOT NULL DEFAULT '';
UPDATE sessions SET elevated_at = NULL;
