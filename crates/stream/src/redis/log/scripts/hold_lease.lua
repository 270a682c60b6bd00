#!lua flags=allow-oom
-- KEYS: a lease. ARGV: the holder's token, and for how many milliseconds.
-- 0 when another holds it, 1 when it was held on, 2 when it was free.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return holder and 1 or 2
