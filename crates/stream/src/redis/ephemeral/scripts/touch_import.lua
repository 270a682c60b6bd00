-- KEYS: an import's state, nonces and sessions. ARGV: now, the instant at which it ends from now on, and in how many milliseconds
-- that is. Its state; false when it does not run.
local state = redis.call('GET', KEYS[1])
if not state or struct.unpack('>i8', state) <= tonumber(ARGV[1]) then
  return false
end
state = ARGV[2] .. string.sub(state, 9)
redis.call('SET', KEYS[1], state, 'PX', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[3] + SWEEP_GRACE_MS)
return state
