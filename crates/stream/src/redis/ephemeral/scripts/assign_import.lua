-- An import. KEYS: its state, nonces and sessions. ARGV: now, timeout, probes, and each day. False when it does not run.
local now = tonumber(ARGV[1])
local state = redis.call('GET', KEYS[1])
if not state or struct.unpack('>i8', state) <= now then
  return false
end
local days = {}
for index = 4, #ARGV do
  days[#days + 1] = {
    keeps = redis.call('HEXISTS', KEYS[2], ARGV[index]) == 1,
    key = KEYS[3],
    -- All days of an import are one hash, so that touching or ending it costs the same however long its log is.
    field_prefix = ARGV[index],
    goes_with = KEYS[1],
  }
end
