-- KEYS: the sum of all bytes, the bytes of each project, and the list of one project. ARGV: the project, the first part of every
-- list's name, the instant from which on is remembered, for how many milliseconds, the most bytes of a project and of all, then
-- chunks. A chunk begins with the time of its newest record.
local OVERHEAD = 32
local sum_key, bytes_key, list = KEYS[1], KEYS[2], KEYS[3]
local project, lists, since = ARGV[1], ARGV[2], tonumber(ARGV[3])
local lifetime_ms, max_project_bytes, max_bytes = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local sum = tonumber(redis.call('GET', sum_key) or 0)

-- Removes the oldest chunk. The project goes when it has none: Redis may have destroyed its list, or somebody else.
local function forget_oldest(project, list)
  local chunk = redis.call('LPOP', list)
  if chunk then
    sum = sum - #chunk - OVERHEAD
    redis.call('ZINCRBY', bytes_key, -#chunk - OVERHEAD, project)
  else
    sum = sum - tonumber(redis.call('ZSCORE', bytes_key, project) or 0)
    redis.call('ZREM', bytes_key, project)
  end
  return chunk
end

if redis.call('EXISTS', list) == 0 then
  forget_oldest(project, list)
end
local bytes = tonumber(redis.call('ZSCORE', bytes_key, project) or 0)
for at = 7, #ARGV do
  redis.call('RPUSH', list, ARGV[at])
  bytes = bytes + #ARGV[at] + OVERHEAD
  sum = sum + #ARGV[at] + OVERHEAD
end
redis.call('ZADD', bytes_key, bytes, project)

while true do
  local oldest = redis.call('LINDEX', list, 0)
  if not oldest or bytes <= max_project_bytes and struct.unpack('>i8', oldest) >= since then
    break
  end
  forget_oldest(project, list)
  bytes = bytes - #oldest - OVERHEAD
end
while sum > max_bytes do
  local largest = redis.call('ZREVRANGE', bytes_key, 0, 0)[1]
  if not largest then
    sum = 0
    break
  end
  forget_oldest(largest, lists .. largest)
end
redis.call('PEXPIRE', list, lifetime_ms)
redis.call('PEXPIRE', bytes_key, lifetime_ms)
redis.call('SET', sum_key, sum, 'PX', lifetime_ms)
