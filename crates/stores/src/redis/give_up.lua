-- Gives a claim up; a kept answer stays, and so does a claim that went to somebody else. KEYS: the key. ARGV: the holder.
local kept = redis.call('HMGET', KEYS[1], 'holder', 'status')
if kept[1] == ARGV[1] and not kept[2] then redis.call('DEL', KEYS[1]) end
