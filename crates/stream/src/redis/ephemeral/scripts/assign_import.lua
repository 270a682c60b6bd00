-- An import. KEYS: its state, nonces and sessions. ARGV: see assign.lua, with the days before the fields. False when it does not run.
local now = tonumber(ARGV[1])
local state = redis.call('GET', KEYS[1])
if not state or struct.unpack('>i8', state) <= now then
  return false
end
local days = {}
for index, _ in ipairs(cmsgpack.unpack(ARGV[4])) do
  -- All days of an import are one hash, so that touching or ending it costs the same however long its log is.
  days[index] = {
    keeps = redis.call('HEXISTS', KEYS[2], ARGV[4 + index]) == 1,
    sessions = KEYS[3],
    goes_with = KEYS[1],
  }
end
local first_field = 5 + #days
