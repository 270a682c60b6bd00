-- KEYS: an import's state and nonces. ARGV: now, the day, then what to keep when it has no nonce; or nothing.
-- What is kept, empty when there is nothing; false when the import does not run.
local state = redis.call('GET', KEYS[1])
if not state or struct.unpack('>i8', state) <= tonumber(ARGV[1]) then
  return false
end
local kept = redis.call('HGET', KEYS[2], ARGV[2])
if kept or not ARGV[3] then
  return kept or ''
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('PEXPIREAT', KEYS[2], redis.call('PEXPIRETIME', KEYS[1]))
return ARGV[3]
