#!lua flags=allow-oom
-- KEYS: the processors. ARGV: the one that lives, and for how many milliseconds it counts without another beat.
-- How many live. The server's clock is the only one that all share.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZCARD', KEYS[1])
