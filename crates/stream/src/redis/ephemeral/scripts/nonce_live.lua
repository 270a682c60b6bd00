-- KEYS: a day's nonce and its sessions. ARGV: now, then what to keep when there is none and for how many milliseconds; or nothing.
-- What is kept; false when there is nothing. Its first 8 bytes are the instant at which it is destroyed.
local kept = redis.call('GET', KEYS[1])
if kept and struct.unpack('>i8', kept) > tonumber(ARGV[1]) then
  return kept
end
if not ARGV[2] then
  return false
end
-- What its predecessor left, if that is due and not yet destroyed.
redis.call('UNLINK', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return ARGV[2]
