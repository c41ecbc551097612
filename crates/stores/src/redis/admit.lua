-- Counts an attempt, if at most `count` are within the window with it. KEYS: the window.
-- ARGV: now and the window's length in microseconds, count. Answers: admitted, remaining, microseconds until one more is.
-- Microseconds since 1970 are exact as Lua's numbers, but not as its default text, hence %.0f.
local key, asked, window, count = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

-- Requests may arrive in another order than their instances read the clock: time never goes back under a key.
local newest = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')[2]
local now = math.max(asked, tonumber(newest or asked))
local moment = string.format('%.0f', now)

redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window))
local used = redis.call('ZCARD', key)
local allowed = 0
if used < count then
  -- Attempts of the same moment leave together, so their number tells them apart.
  redis.call('ZADD', key, moment, moment .. ':' .. redis.call('ZCOUNT', key, moment, moment))
  redis.call('PEXPIRE', key, string.format('%.0f', math.ceil(window / 1000) + 1))
  used = used + 1
  allowed = 1
end

local remaining = math.max(count - used, 0)
local wait = 0
if remaining == 0 then
  wait = window
  -- The one whose leaving makes room.
  local leaves = count > 0 and redis.call('ZRANGE', key, used - count, used - count, 'WITHSCORES')[2]
  if leaves then wait = math.max(tonumber(leaves) + window - asked, 0) end
end
return { allowed, remaining, wait }
