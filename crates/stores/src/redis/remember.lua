-- Remembers a session, unless it was forgotten. KEYS: the session. ARGV: JSON, lifetime in milliseconds.
if redis.call('GET', KEYS[1]) ~= '' then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
