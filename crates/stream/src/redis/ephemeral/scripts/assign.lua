-- Follows the part that finds the days. Does what `running_session::decide` does, for each probe in turn, each seeing what the ones
-- before it left; a property test holds the two together. Answers with the index of each probe's candidate, from 0.
-- ARGV: now, timeout, probes, the number of fields of each day, the fields of all days.

local timeout = tonumber(ARGV[2])
-- For each probe its time, the number of its candidates, and for each of these the number of its field among all fields.
local probes = cmsgpack.unpack(ARGV[3])

-- Of each field: when its session started, false when none is kept; when it had its last event; whether it has to be written.
local starts, lasts, changed = {}, {}, {}
-- Fields of days that keep no sessions.
local forgotten = {}

local function load_sessions(day)
  -- A batch is small enough for Lua to pass all at once: it takes some 8,000 values.
  local sessions = redis.call('HMGET', day.sessions, unpack(ARGV, first_field + day.first - 1, first_field + day.last - 1))
  for index, session in ipairs(sessions) do
    local field = day.first + index - 1
    starts[field], lasts[field] = false, false
    if session then
      local start, duration = struct.unpack('>i8I4', session)
      starts[field], lasts[field] = start, start + duration
    end
  end
end

local function forget_sessions(day)
  for field = day.first, day.last do
    starts[field], lasts[field], forgotten[field] = false, false, true
  end
end

local function keep(field, start, last)
  if not forgotten[field] then
    starts[field], lasts[field], changed[field] = start, last, true
  end
end

-- The candidates are the fields probes[first] to probes[last].
local function decide(time, first, last)
  local continued, latest
  for index = first, last do
    local field = probes[index]
    local start = starts[field]
    if start then
      local ended = lasts[field]
      if start <= time and time <= ended then
        return index
      end
      if ended <= time and time - ended <= timeout and time - start < SESSION_CAP_MS
        and (not continued or ended >= latest) then
        continued, latest = index, ended
      end
    end
  end
  if continued then
    local field = probes[continued]
    keep(field, starts[field], time)
    return continued
  end
  local own = probes[last]
  local start = starts[own]
  if not start or start <= time then
    keep(own, time, time)
  elseif start - time <= timeout and lasts[own] - time < SESSION_CAP_MS then
    keep(own, time, lasts[own])
  end
  return last
end

local function keep_sessions(day)
  local fields = {}
  for field = day.first, day.last do
    if changed[field] then
      fields[#fields + 1] = ARGV[first_field + field - 1]
      -- No session lasts longer than a day, so four bytes are enough for its length.
      fields[#fields + 1] = struct.pack('>i8I4', starts[field], lasts[field] - starts[field])
    end
  end
  if #fields > 0 then
    redis.call('HSET', day.sessions, unpack(fields))
    redis.call('PEXPIREAT', day.sessions, redis.call('PEXPIRETIME', day.goes_with) + SWEEP_GRACE_MS)
  end
end

local fields_before = 0
for index, fields in ipairs(cmsgpack.unpack(ARGV[4])) do
  local day = days[index]
  day.first, day.last = fields_before + 1, fields_before + fields
  fields_before = day.last
  if day.keeps then
    load_sessions(day)
  else
    forget_sessions(day)
  end
end

local candidates = {}
local index = 1
while index < #probes do
  local first, last = index + 2, index + 1 + probes[index + 1]
  candidates[#candidates + 1] = decide(probes[index], first, last) - first
  index = last + 1
end

for _, day in ipairs(days) do
  if day.keeps then
    keep_sessions(day)
  end
end
return candidates
