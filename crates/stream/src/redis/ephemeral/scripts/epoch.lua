-- KEYS: the epoch. ARGV: a new one. It begins with when it was made, by this server's clock. Answers with the one that is kept and how
-- many milliseconds ago it was made: a store that was emptied has another.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = struct.pack('>i8', now) .. ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
return { epoch, now - struct.unpack('>i8', epoch) }
