-- KEYS: an import's state and nonces. ARGV: now, the day, then the nonce to keep when there is none; or nothing.
-- False when the import does not run, empty when there is none.
local state = redis.call('GET', KEYS[1])
if not state or struct.unpack('>i8', state) <= tonumber(ARGV[1]) then
  return false
end
local kept = redis.call('HGET', KEYS[2], ARGV[2])
if kept or not ARGV[3] then
  return kept or ''
end
local made = string.sub(ARGV[3], SLOW_LOG_BYTES + 1)
redis.call('HSET', KEYS[2], ARGV[2], made)
redis.call('PEXPIREAT', KEYS[2], redis.call('PEXPIRETIME', KEYS[1]))
return made
