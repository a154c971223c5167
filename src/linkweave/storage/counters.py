"""Counters that workers share."""

from typing import Final

from linkweave.storage.outages import StoreDownError
from linkweave.storage.valkey import Valkey

_ADD: Final = """
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return total
"""


class ValkeyCounters:
    """Counters in the server, by name."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey

    async def add(self, name: str, more: int, ttl_seconds: int) -> int | None:
        """Adds `more` to the counter of all workers and returns it; None while the server is down. Never raises.

        The counter expires after `ttl_seconds` without an addition.
        """
        try:
            total: int = await self._valkey.run_script(_ADD, [f"count:{name}"], [more, ttl_seconds])
        except StoreDownError:
            return None
        return total
