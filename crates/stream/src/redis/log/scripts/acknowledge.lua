#!lua flags=allow-oom
-- KEYS: a shard's entries and its counters. ARGV: the group, then for each entry its id, events and bytes.
-- A full server must still be drained. What somebody else acknowledged before is not counted again.
local entries = 0
local events = 0
local bytes = 0
for at = 2, #ARGV, 3 do
  if redis.call('XACK', KEYS[1], ARGV[1], ARGV[at]) == 1 then
    redis.call('XDEL', KEYS[1], ARGV[at])
    entries = entries + 1
    events = events + ARGV[at + 1]
    bytes = bytes + ARGV[at + 2]
  end
end
if entries > 0 then
  redis.call('HINCRBY', KEYS[2], 'entries', -entries)
  redis.call('HINCRBY', KEYS[2], 'events', -events)
  redis.call('HINCRBY', KEYS[2], 'bytes', -bytes)
end
