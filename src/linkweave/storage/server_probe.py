"""The check that a server does all that Linkweave needs: it writes, reads and deletes two keys that expire."""

from typing import Final

# Every command of Linkweave's scripts. Their two keys are in different slots, which a cluster refuses.
# ARGV: the value that was written by a plain command before, and the milliseconds to keep both keys.
PROBE_SCRIPT: Final = """
local written, counted, ttl = KEYS[1], KEYS[2], ARGV[2]
local seen = redis.call('GET', written)
redis.call('TIME')
redis.call('INFO', 'server')
redis.call('MGET', written, counted)
redis.call('SET', written, ARGV[1], 'PX', ttl)
redis.call('INCRBY', counted, 1)
redis.call('EXPIRE', counted, 1)
redis.call('PEXPIRE', counted, ttl)
redis.call('PTTL', counted)
redis.call('DEL', counted)
redis.call('ZADD', counted, 1, 'member')
redis.call('ZCARD', counted)
redis.call('ZRANGE', counted, 0, -1, 'WITHSCORES')
redis.call('ZREMRANGEBYSCORE', counted, '-inf', 0)
redis.call('ZREM', counted, 'member')
redis.call('HSET', counted, 'field', '1')
redis.call('HINCRBY', counted, 'field', 1)
redis.call('HGET', counted, 'field')
redis.call('DEL', counted)
redis.call('XADD', counted, '*', 'field', 'value')
redis.call('XRANGE', counted, '-', '+')
redis.call('DEL', counted)
redis.call('DEL', written)
return seen
"""
PROBE_TTL_SECONDS: Final = 1.0
