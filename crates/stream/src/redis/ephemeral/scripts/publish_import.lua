-- KEYS: an import's state, nonces and sessions. ARGV: now, its state, for how many milliseconds, then days and their nonces.
-- Brings back an import that the store lost. What another collector brought back or made anew since stays.
local state = redis.call('GET', KEYS[1])
if not state or struct.unpack('>i8', state) <= tonumber(ARGV[1]) then
  redis.call('UNLINK', unpack(KEYS))
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
for at = 4, #ARGV, 2 do
  redis.call('HSETNX', KEYS[2], ARGV[at], ARGV[at + 1])
end
redis.call('PEXPIREAT', KEYS[2], redis.call('PEXPIRETIME', KEYS[1]))
