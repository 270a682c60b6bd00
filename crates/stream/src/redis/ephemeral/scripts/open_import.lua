-- KEYS: an import's state, nonces and sessions. ARGV: now, its state if it does not run yet, and for how many milliseconds.
-- The state of the one that runs already; false when it was opened.
local state = redis.call('GET', KEYS[1])
if state and struct.unpack('>i8', state) > tonumber(ARGV[1]) then
  return state
end
redis.call('UNLINK', unpack(KEYS))
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return false
