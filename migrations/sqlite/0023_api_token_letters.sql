-- When the owner of an API token was told that it is about to end.

ALTER TABLE api_tokens ADD COLUMN end_told_at BIGINT;
