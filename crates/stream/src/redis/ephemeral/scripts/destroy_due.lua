-- KEYS: a day's nonce or an import's state, and whatever goes with it. ARGV: now. A server without memory must still forget.
local due = redis.call('GETRANGE', KEYS[1], 0, 7)
if #due < 8 or struct.unpack('>i8', due) <= tonumber(ARGV[1]) then
  redis.call('UNLINK', unpack(KEYS))
end
