-- Accounts without an e-mail address, phone numbers, and codes by SMS.

ALTER TABLE users ADD COLUMN phone TEXT;
ALTER TABLE users ADD COLUMN phone_verified_at BIGINT;
-- Of the phone number: ISO 3166-1.
ALTER TABLE users ADD COLUMN country_code TEXT;
CREATE UNIQUE INDEX users_phone ON users (phone);

-- Codes that can still be shown, and wrong ones of the last day, for a number under a pseudonym: nothing here tells who asked.
CREATE TABLE phone_guards (
    phone BLOB NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    keep_until BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX phone_guards_keep ON phone_guards (keep_until);

-- SQLite can't drop NOT NULL, and making the table anew would take along all that refers to it. What is stored is the same with and
-- without the constraint, so only the text of the schema is changed, as SQLite's documentation of ALTER TABLE describes
-- (section 7, "other kinds of table schema changes"). The statements above have raised the schema's version already, so that
-- every connection reads it anew. All of it happens in the migration's transaction.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'email TEXT NOT NULL UNIQUE', 'email TEXT UNIQUE') WHERE type = 'table' AND name = 'users';
PRAGMA writable_schema = RESET;

-- Deleted accounts had an address of nobody's.
UPDATE users SET email = NULL WHERE deleted_at IS NOT NULL;
