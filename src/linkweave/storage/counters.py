"""Counts that workers add up in a server."""

from typing import Final

from linkweave.storage.outage_backoff import StoreDownError
from linkweave.storage.valkey import Valkey

_ADD: Final = """
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return total
"""


class ValkeyCounts:
    """Sums in the server, one for each name."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey

    async def add(self, name: str, more: int, ttl_seconds: int) -> int | None:
        """The sum of `name` over all workers with `more` in it; None when the server cannot be asked. Never raises."""
        try:
            total: int = await self._valkey.run(_ADD, [f"count:{name}"], [more, ttl_seconds])
        except StoreDownError:
            return None
        return total
