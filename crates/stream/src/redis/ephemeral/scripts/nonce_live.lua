-- KEYS: a day's nonce and its sessions. ARGV: now, then what to keep when there is none and for how many milliseconds; or nothing.
-- False when there is none. The first 8 bytes of what is kept are the instant at which it is destroyed.
local kept = redis.call('GET', KEYS[1])
if kept and struct.unpack('>i8', kept) > tonumber(ARGV[1]) then
  return string.sub(kept, 9)
end
if not ARGV[2] then
  return false
end
-- What its predecessor left, if that is due and not yet destroyed.
redis.call('UNLINK', KEYS[2])
local made = string.sub(ARGV[2], SLOW_LOG_BYTES + 1)
redis.call('SET', KEYS[1], made, 'PX', ARGV[3])
return string.sub(made, 9)
