-- Live events. KEYS: for each day its nonce and its sessions. ARGV: see assign.lua.
local now = tonumber(ARGV[1])
local first_field = 5
local days = {}
for index = 1, #KEYS, 2 do
  local due = redis.call('GETRANGE', KEYS[index], 0, 7)
  days[#days + 1] = {
    -- Without a nonce nothing says when to forget: no session is kept.
    keeps = #due == 8 and struct.unpack('>i8', due) > now,
    sessions = KEYS[index + 1],
    goes_with = KEYS[index],
  }
end
