-- Accounts without an e-mail address, phone numbers, and codes by SMS.

ALTER TABLE users ADD COLUMN phone TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN phone_verified_at BIGINT;
-- Of the phone number: ISO 3166-1.
ALTER TABLE users ADD COLUMN country_code TEXT;
CREATE UNIQUE INDEX users_phone ON users (phone);
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;

-- Codes that can still be shown, and wrong ones of the last day, for a number under a pseudonym: nothing here tells who asked.
CREATE TABLE phone_guards (
    phone BYTEA NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    keep_until BIGINT NOT NULL
);
CREATE INDEX phone_guards_keep ON phone_guards (keep_until);

-- Deleted accounts had an address of nobody's.
UPDATE users SET email = NULL WHERE deleted_at IS NOT NULL;
