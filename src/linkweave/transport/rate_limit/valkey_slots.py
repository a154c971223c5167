"""Slots that all workers at one Valkey have together, on whatever machine, counted by its clock in one script.

Each machine (a *site*) also counts for itself. While the server is away, a site uses its part of the limit: one of as
many as were there when the server last answered. It keeps to its part for a window after the server has come back, and
after it has forgotten everything, because the server then does not know what was used meanwhile. With one site, its
part is the whole limit, and nothing changes. Not covered: in the first window after the server has gone, sites that had
used more than their part; and limits lower than the number of sites, of which each then uses one.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, Protocol
from uuid import uuid4

from linkweave.clock import Clock
from linkweave.storage.outage_backoff import StoreDownError
from linkweave.transport.rate_limit.slots import Count, RateLimit, Slot, Slots

MICRO: Final = 1_000_000
# Calls of others end without a word.
LOOK_SECONDS: Final = 1.0

# ARGV: what to do, token, limit, spare, window, longest, site, mark; times in microseconds. The answer: whether a slot
# was taken, microseconds for which it is closed, calls under way, sites, the mark, microseconds until slots are free.
SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local under_way, finished, closed, sites, mark = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local what, token = ARGV[1], ARGV[2]
local limit, spare, window, longest = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
redis.call('SET', mark, ARGV[8], 'NX')
-- A site that has not asked for two minutes counts as gone.
redis.call('ZADD', sites, now + 120000000, ARGV[7])
redis.call('ZREMRANGEBYSCORE', sites, '-inf', now)
redis.call('ZREMRANGEBYSCORE', under_way, '-inf', now)
redis.call('ZREMRANGEBYSCORE', finished, '-inf', now)
local closed_for = math.max(0, tonumber(redis.call('GET', closed) or 0) - now)
local taken = 0
if what == 'take' then
  local used = redis.call('ZCARD', under_way) + redis.call('ZCARD', finished)
  if closed_for == 0 and limit - used > spare then
    redis.call('ZADD', under_way, now + longest + window, token)
    taken = 1
  end
elseif what == 'finish' then
  redis.call('ZREM', under_way, token)
  redis.call('ZADD', finished, now + window, token)
elseif what == 'give back' then
  redis.call('ZREM', under_way, token)
elseif what == 'close' and longest > closed_for then
  closed_for = longest
  redis.call('SET', closed, string.format('%.0f', now + longest), 'PX', math.ceil(longest / 1000))
end
for _, key in ipairs({under_way, finished}) do
  redis.call('PEXPIRE', key, math.ceil((window + 600000000) / 1000))
end
local answer = {taken, closed_for, redis.call('ZCARD', under_way), redis.call('ZCARD', sites), redis.call('GET', mark)}
local free = redis.call('ZRANGE', finished, 0, -1, 'WITHSCORES')
for at = 2, #free, 2 do
  answer[#answer + 1] = free[at] - now
end
return answer
"""


class Server(Protocol):
    """What runs scripts for all sites."""

    async def run(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        """What `script` returns.

        Raises:
            StoreDownError: the server is away.
        """
        ...


class ValkeySlots:
    """The slots of one limit in the server, over those that this site counts itself."""

    def __init__(self, rate: RateLimit, clock: Clock, own: Slots, *, valkey: Server, key: str, site: str) -> None:
        self._rate = rate
        self._clock = clock
        self._own = own
        self._valkey = valkey
        self._keys = [f"limit:{key}:{what}" for what in ("under-way", "finished", "closed", "sites", "mark")]
        self._site = site
        self._told: Count | None = None
        self._told_at = float("-inf")
        self._sites = 1
        self._mark: bytes | None = None
        self._apart_until = float("-inf")
        self._behind: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> Count:
        """What the server said a moment ago, else what this site knows by itself."""
        fresh = self._told is not None and self._clock.monotonic() - self._told_at < LOOK_SECONDS
        return self._told if fresh and self._told is not None else self._own.count

    async def take(self, spare: int, longest: float) -> Slot | None:
        """A slot of this site's, and of the server's unless it is away."""
        own = await self._own.take(max(spare, self._reserved_for_other_sites()), longest)
        if own is None:
            return None
        token = uuid4().hex
        try:
            taken = await self._ask("take", token, spare, longest)
        except StoreDownError:
            own.release_unused()
            return await self._own.take(max(spare, self._reserved_for_other_sites()), longest)
        except BaseException:
            own.release_unused()
            self._say("give back", token)
            raise
        if not taken:
            own.release_unused()
            return None
        return Slot(partial(self._end, own, token))

    def next_check_in(self) -> float | None:
        """Seconds until a slot may be free."""
        own = self._own.next_check_in()
        told = self.count.next_change(self._clock.monotonic())
        return min(LOOK_SECONDS, *(seconds for seconds in (own, told) if seconds is not None), LOOK_SECONDS)

    def close_for(self, seconds: float) -> None:
        """Let nothing leave for `seconds`, from any site."""
        self._own.close_for(seconds)
        self._say("close", "", seconds)

    async def settle(self) -> None:
        """Until the server has heard everything."""
        while self._behind:
            await asyncio.wait(self._behind)

    def _reserved_for_other_sites(self) -> int:
        """Slots that are left to other sites, while nobody counts for all."""
        if self._clock.monotonic() >= self._apart_until:
            return 0
        return self._rate.limit - max(1, self._rate.limit // self._sites)

    def _end(self, own: Slot, token: str, *, used: bool) -> None:
        # A message that the server misses costs nothing: it frees the slot when the call must have ended.
        if used:
            own.finish()
        else:
            own.release_unused()
        self._say("finish" if used else "give back", token)

    def _say(self, what: str, token: str, seconds: float = 0) -> None:
        async def say() -> None:
            with suppress(StoreDownError):
                await self._ask(what, token, 0, seconds)

        task = asyncio.create_task(say())
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)

    async def _ask(self, what: str, token: str, spare: int, longest: float) -> bool:
        times = (round(seconds * MICRO) for seconds in (self._rate.seconds, longest))
        args: list[str | bytes | float] = [what, token, self._rate.limit, spare, *times, self._site, uuid4().hex]
        try:
            answer = await self._valkey.run(SCRIPT, self._keys, args)
        except StoreDownError:
            self._use_local_share()
            raise
        taken, closed_for, under_way, sites, mark, *free = answer
        if self._mark not in {None, mark}:
            self._use_local_share()
        self._mark, self._sites = mark, max(1, sites)
        self._heard(closed_for, under_way, free)
        return bool(taken)

    def _heard(self, closed_for: int, under_way: int, free: Sequence[int]) -> None:
        now = self._clock.monotonic()
        reopen = deque(now + micros / MICRO for micros in free)
        self._told = Count(self._rate.limit, self._rate.seconds, reopen, under_way, now + closed_for / MICRO)
        self._told_at = now

    def _use_local_share(self) -> None:
        self._told = None
        self._apart_until = self._clock.monotonic() + self._rate.seconds + LOOK_SECONDS
