-- Gives a claim up; a kept answer stays. KEYS: the key.
if redis.call('HEXISTS', KEYS[1], 'status') == 0 then redis.call('DEL', KEYS[1]) end
