"""The steps that a Valkey server makes on a shared log, each as one.

The hash of the log has `epoch`, when it began, `number`, that of its latest entry, and the latest number of each
channel. Each channel is a stream of at most KEPT_EVENTS entries, each with the number of the one before it.
"""

from typing import Final

APPEND: Final = """
local log, sent = KEYS[1], KEYS[2]
local seconds, kept = ARGV[1], ARGV[2]
if not redis.call('SET', sent, '1', 'NX', 'EX', 60) then return 0 end
local epoch = redis.call('HGET', log, 'epoch')
if not epoch then
  local time = redis.call('TIME')
  epoch = time[1] .. string.format('%06d', tonumber(time[2]))
  redis.call('HSET', log, 'epoch', epoch)
end
for i = 3, #ARGV, 2 do
  local channel = KEYS[tonumber(ARGV[i])]
  local before = redis.call('HGET', log, channel) or '0'
  local number = redis.call('HINCRBY', log, 'number', 1)
  local id = epoch .. '-' .. string.format('%d', number)
  redis.call('XADD', channel, 'MAXLEN', kept, id, 'event', ARGV[i + 1], 'before', before)
  redis.call('HSET', log, channel, number)
  redis.call('EXPIRE', channel, seconds)
end
redis.call('EXPIRE', log, seconds)
return 1
"""
"""Appends entries to channels, once for the key that names the batch.

Keys: the log, the batch, and the channels. Arguments: the seconds for which the log lives without a new event, the
length of a channel, and for each entry the index of its channel among the keys and the event.
"""

READ: Final = """
local log, left, more = KEYS[1], tonumber(ARGV[2]), 0
local epoch = redis.call('HGET', log, 'epoch')
if not epoch then return {'', 0, {}} end
local found = {}
for i = 2, #KEYS do
  local after = epoch == ARGV[1] and ARGV[i + 1] or '0'
  local last = redis.call('HGET', log, KEYS[i]) or '0'
  if tonumber(last) > tonumber(after) then
    local entries = {}
    if left > 0 then
      entries = redis.call('XRANGE', KEYS[i], '(' .. epoch .. '-' .. after, '+', 'COUNT', left)
      left = left - #entries
    end
    if left == 0 then more, last = 1, '0' end
    found[#found + 1] = {i - 2, last, entries}
  end
end
return {epoch, more, found}
"""
"""Returns the epoch of the log, which is empty where there is none, whether there is more, and what is new in channels.

Keys: the log and the channels. Arguments: the epoch that is known, the maximum number of entries, and the latest known
number of each channel. What is new in a channel is its index, its latest number or 0 where not all is returned, and its
entries.
"""
