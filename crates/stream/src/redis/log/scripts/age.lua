-- KEYS: a shard's entries. For how many milliseconds the oldest has waited; 0 when there is none. It may be large and stays here.
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
if not oldest then
  return 0
end
local time = redis.call('TIME')
return time[1] * 1000 + math.floor(time[2] / 1000) - string.match(oldest[1], '^%d+')
