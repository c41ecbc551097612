-- Accounts, their names, badges, sessions and one-time tokens. Times are microseconds since 1970.

CREATE TABLE badges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name_id TEXT NOT NULL,
    name_en TEXT NOT NULL,
    description_id TEXT NOT NULL,
    description_en TEXT NOT NULL,
    icon TEXT NOT NULL,
    colour TEXT NOT NULL
);

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    -- Unique by `usernames`.
    username TEXT NOT NULL,
    password_hash TEXT,
    email_verified BOOLEAN NOT NULL,
    email_verified_at BIGINT,
    full_name TEXT NOT NULL DEFAULT '',
    avatar_url TEXT,
    bio TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT '',
    website TEXT NOT NULL DEFAULT '',
    telegram TEXT NOT NULL DEFAULT '',
    time_zone TEXT NOT NULL DEFAULT 'WIB',
    locale TEXT,
    theme TEXT NOT NULL DEFAULT 'system',
    role TEXT NOT NULL,
    badge_id BIGINT REFERENCES badges (id),
    device TEXT,
    terms_version TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    username_changed_at BIGINT,
    last_login_at BIGINT,
    deleted_at BIGINT
);

-- Every name that is or was someone's: one unique place for both, so that no race can give a name away twice.
CREATE TABLE usernames (
    username TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    given_up_at BIGINT
) WITHOUT ROWID;

-- How many accounts each device made.
CREATE TABLE devices (
    device TEXT NOT NULL PRIMARY KEY,
    accounts BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE user_badges (
    user_id BIGINT NOT NULL REFERENCES users (id),
    badge_id BIGINT NOT NULL REFERENCES badges (id),
    reason TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, badge_id)
) WITHOUT ROWID;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    login_method TEXT NOT NULL,
    device TEXT,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_active_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT,
    refresh BLOB NOT NULL,
    refresh_parent BLOB,
    rotated_at BIGINT NOT NULL
);
CREATE INDEX sessions_live ON sessions (user_id, last_active_at DESC) WHERE revoked_at IS NULL;
CREATE INDEX sessions_expired ON sessions (expires_at);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE one_time_tokens (
    purpose TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    digest BLOB NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, user_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX one_time_tokens_digest ON one_time_tokens (purpose, digest);
