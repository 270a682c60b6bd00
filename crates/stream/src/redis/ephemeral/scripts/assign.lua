-- Follows the part that finds the days. Does what `running_session::decide` does, for each probe in turn, each seeing what the ones
-- before it left; a property test holds the two together. Answers with the index of each probe's candidate, from 0.
-- Lua passes no more than some thousand values to one call.
local FIELDS_PER_CALL = 1000

local timeout = tonumber(ARGV[2])
local probes = ARGV[3]

-- What is kept under a day for a visitor: one table for all probes that name it.
local function slot_of(day, visitor)
  if not day.keeps then
    return {}
  end
  day.slots = day.slots or {}
  day.slot_of_visitor = day.slot_of_visitor or {}
  local slot = day.slot_of_visitor[visitor]
  if not slot then
    slot = { field = day.field_prefix .. visitor }
    day.slot_of_visitor[visitor] = slot
    day.slots[#day.slots + 1] = slot
  end
  return slot
end

local function read_probes()
  local read, position = {}, 1
  while position <= #probes do
    local probe, count = {}, 0
    probe.time, count, position = struct.unpack('>i8I2', probes, position)
    for candidate = 1, count do
      local day, visitor
      day, visitor, position = struct.unpack('>I4c8', probes, position)
      probe[candidate] = slot_of(days[day + 1], visitor)
    end
    read[#read + 1] = probe
  end
  return read
end

local function load_sessions(day)
  for first = 1, #day.slots, FIELDS_PER_CALL do
    local last = math.min(first + FIELDS_PER_CALL - 1, #day.slots)
    local fields = {}
    for index = first, last do
      fields[#fields + 1] = day.slots[index].field
    end
    local sessions = redis.call('HMGET', day.key, unpack(fields))
    for offset, session in ipairs(sessions) do
      if session then
        local slot = day.slots[first + offset - 1]
        local start, duration = struct.unpack('>i8I4', session)
        slot.start, slot.last = start, start + duration
      end
    end
  end
end

local function keep(slot, start, last)
  slot.start, slot.last, slot.changed = start, last, true
end

local function decide(slots)
  local time = slots.time
  for candidate, slot in ipairs(slots) do
    if slot.start and slot.start <= time and time <= slot.last then
      return candidate
    end
  end
  local continued
  for candidate, slot in ipairs(slots) do
    if slot.start and slot.last <= time and time - slot.last <= timeout and time - slot.start < SESSION_CAP_MS
      and (not continued or slot.last >= slots[continued].last) then
      continued = candidate
    end
  end
  if continued then
    keep(slots[continued], slots[continued].start, time)
    return continued
  end
  local own = slots[#slots]
  if not own.start or own.start <= time then
    keep(own, time, time)
  elseif own.start - time <= timeout and own.last - time < SESSION_CAP_MS then
    keep(own, time, own.last)
  end
  return #slots
end

local function keep_sessions(day)
  local changed = {}
  local function flush()
    if #changed > 0 then
      redis.call('HSET', day.key, unpack(changed))
      changed = {}
    end
  end
  for _, slot in ipairs(day.slots) do
    if slot.changed then
      -- No session lasts longer than a day, so four bytes are enough for its length.
      changed[#changed + 1] = slot.field
      changed[#changed + 1] = struct.pack('>i8I4', slot.start, slot.last - slot.start)
      if #changed >= 2 * FIELDS_PER_CALL then
        flush()
      end
    end
  end
  flush()
  redis.call('PEXPIREAT', day.key, redis.call('PEXPIRETIME', day.goes_with) + SWEEP_GRACE_MS)
end

local read = read_probes()
for _, day in ipairs(days) do
  if day.slots then
    load_sessions(day)
  end
end
local candidates = {}
for index, probe in ipairs(read) do
  candidates[index] = decide(probe) - 1
end
for _, day in ipairs(days) do
  if day.slots then
    keep_sessions(day)
  end
end
return candidates
