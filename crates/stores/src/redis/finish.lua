-- Keeps an answer. KEYS: the key. ARGV: fingerprint, holder, status, content type, body, lifetime in milliseconds.
-- A claim that lapsed may have gone to somebody else, who then has the key; a kept answer stays as it is.
local kept = redis.call('HMGET', KEYS[1], 'holder', 'status')
if (kept[1] and kept[1] ~= ARGV[2]) or kept[2] then return end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'holder', ARGV[2], 'status', ARGV[3], 'type', ARGV[4], 'body', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
