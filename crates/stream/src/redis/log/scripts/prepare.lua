#!lua flags=allow-oom
-- KEYS: a shard's entries and its counters. ARGV: the group.
-- Makes the group unless it exists, from the first entry on. Counts anew when the stream has not as many entries as were counted:
-- somebody else deleted or added some. Answers with 1 when the group was made, else 0, and with how many entries are missing.
local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
if made.err and not string.find(made.err, '^BUSYGROUP') then
  return made
end
local length = redis.call('XLEN', KEYS[1])
local counted = tonumber(redis.call('HGET', KEYS[2], 'entries') or 0)
if counted ~= length then
  local events = 0
  local bytes = 0
  local from = '-'
  repeat
    local page = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 100)
    for _, entry in ipairs(page) do
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
  until #page == 0
  redis.call('HSET', KEYS[2], 'entries', length, 'events', events, 'bytes', bytes)
end
return { made.err and 0 or 1, math.max(counted - length, 0) }
