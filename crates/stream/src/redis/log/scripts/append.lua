-- KEYS: a shard's entries and its counters. ARGV: the record, its events, and how many events and bytes may be pending.
-- False when it is full. XADD comes first: when it is refused (memory, disk), nothing was counted.
local pending = redis.call('HMGET', KEYS[2], 'entries', 'events', 'bytes')
local entries = tonumber(pending[1] or 0)
local events = tonumber(pending[2] or 0)
local bytes = tonumber(pending[3] or 0)
local fits = events + ARGV[2] <= tonumber(ARGV[3]) and bytes + #ARGV[1] <= tonumber(ARGV[4])
if not fits and entries > 0 then
  return false
end
redis.call('XADD', KEYS[1], '*', 'n', ARGV[2], 'b', ARGV[1])
redis.call('HSET', KEYS[2], 'entries', entries + 1, 'events', events + ARGV[2], 'bytes', bytes + #ARGV[1])
return true
