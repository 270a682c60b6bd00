-- KEYS: a lease. ARGV: the token of whoever gives it back. The lease of another stays.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
