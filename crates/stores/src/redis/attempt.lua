-- Claims a key, or tells what is known of it. KEYS: the key. ARGV: fingerprint, holder, the claim's lifetime in milliseconds.
-- Answers a word, and the answer's status, content type and body where there is one.
local kept = redis.call('HMGET', KEYS[1], 'fingerprint', 'status', 'type', 'body')
if not kept[1] then
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'holder', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return { 'first', false, false, false }
end
if kept[1] ~= ARGV[1] then return { 'mismatch', false, false, false } end
return { 'known', kept[2], kept[3], kept[4] }
