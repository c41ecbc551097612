-- Keeps an answer. KEYS: the key. ARGV: fingerprint, status, content type, body, lifetime in milliseconds.
-- A claim that lapsed may have gone to another request, which then has the key; a kept answer stays as it is.
local kept = redis.call('HMGET', KEYS[1], 'fingerprint', 'status')
if (kept[1] and kept[1] ~= ARGV[1]) or kept[2] then return end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'status', ARGV[2], 'type', ARGV[3], 'body', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
