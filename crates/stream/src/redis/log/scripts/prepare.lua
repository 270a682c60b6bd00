#!lua flags=allow-oom
-- KEYS: a shard's entries and its counters. ARGV: the group, and 'recount' to count anew although the group exists.
-- Makes the group, from the first entry on, and counts what is in the stream: entries may be gone without having been counted
-- off. 1 when the group was made.
local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
if made.err then
  if not string.find(made.err, '^BUSYGROUP') then
    return made
  end
  if ARGV[2] ~= 'recount' then
    return 0
  end
end
local events = 0
local bytes = 0
local from = '-'
repeat
  local entries = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 100)
  for _, entry in ipairs(entries) do
    local fields = entry[2]
    for at = 1, #fields, 2 do
      if fields[at] == 'n' then
        events = events + (tonumber(fields[at + 1]) or 0)
      elseif fields[at] == 'b' then
        bytes = bytes + #fields[at + 1]
      end
    end
    from = '(' .. entry[1]
  end
until #entries == 0
redis.call('HSET', KEYS[2], 'events', events, 'bytes', bytes)
return made.err and 0 or 1
