-- KEYS: a shard's entries and its counters. ARGV: the record, its events, how many events and bytes may be pending, and for how many
-- milliseconds. 1 when it was appended, 2 when the shard is full, 3 when its oldest entry has waited too long. XADD comes first: when
-- it is refused (memory, disk), nothing was counted.
local pending = redis.call('HMGET', KEYS[2], 'entries', 'events', 'bytes', 'oldest_ms')
local entries = tonumber(pending[1] or 0)
local events = tonumber(pending[2] or 0)
local bytes = tonumber(pending[3] or 0)
local fits = events + ARGV[2] <= tonumber(ARGV[3]) and bytes + #ARGV[1] <= tonumber(ARGV[4])
if not fits and entries > 0 then
  return 2
end
local time = redis.call('TIME')
local waits_since = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[5]
-- The oldest entry was not older when it was last looked at, and since then it can only have become a younger one.
if entries > 0 and tonumber(pending[4] or 0) < waits_since then
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  if oldest then
    local oldest_ms = string.match(oldest[1], '^%d+')
    if tonumber(oldest_ms) < waits_since then
      return 3
    end
    redis.call('HSET', KEYS[2], 'oldest_ms', oldest_ms)
  end
end
redis.call('XADD', KEYS[1], '*', 'n', ARGV[2], 'b', ARGV[1])
redis.call('HSET', KEYS[2], 'entries', entries + 1, 'events', events + ARGV[2], 'bytes', bytes + #ARGV[1])
return 1
