"""Slots that the workers of all machines share through one Valkey server, counted by the server's clock in one script.

Each machine (a *site*) also counts for itself. While the server cannot be reached, a site uses its share of the limit:
the limit divided by the number of sites that the server last counted. The site keeps to its share for one window after
the server is back, and after the server has lost its data, because the server does not know the calls made meanwhile.
With one site, its share is the whole limit.

Two cases may exceed the limit: in the first window of an outage, sites that had used more than their share; and limits
lower than the number of sites, of which each site then uses one.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, Protocol
from uuid import uuid4

from linkweave.clock import Clock
from linkweave.storage.outages import StoreDownError
from linkweave.transport.rate_limit.slots import MAX_TIMES, RateLimit, Slot, SlotCount, Slots, padded_times

_MICROSECONDS: Final = 1_000_000
# Seconds between two looks: the server does not report that a call of another site has ended.
CHECK_SECONDS: Final = 1.0

# ARGV: command, token, limit, reserved, window, seconds, site, new data id, maximum number of times; times are in
# microseconds. The answer: whether a slot was acquired, for how long the window is closed, calls under way, sites, data
# id, finished calls, times until the first slots are free.
# The data id is a random text. Another one means that the server has lost its data.
SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local under_way, finished, closed, sites, data_id = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local command, token = ARGV[1], ARGV[2]
local limit, reserved, window, length = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
redis.call('SET', data_id, ARGV[8], 'NX')
-- A site that has sent nothing for two minutes counts as gone.
redis.call('ZADD', sites, now + 120000000, ARGV[7])
redis.call('ZREMRANGEBYSCORE', sites, '-inf', now)
redis.call('ZREMRANGEBYSCORE', under_way, '-inf', now)
redis.call('ZREMRANGEBYSCORE', finished, '-inf', now)
local closed_for = math.max(0, tonumber(redis.call('GET', closed) or 0) - now)
local acquired = 0
if command == 'acquire' then
  local used = redis.call('ZCARD', under_way) + redis.call('ZCARD', finished)
  if closed_for == 0 and limit - used > reserved then
    redis.call('ZADD', under_way, now + length + window, token)
    acquired = 1
  end
elseif command == 'finish' then
  redis.call('ZREM', under_way, token)
  redis.call('ZADD', finished, now + window, token)
elseif command == 'release' then
  redis.call('ZREM', under_way, token)
elseif command == 'close' and length > closed_for then
  closed_for = length
  redis.call('SET', closed, string.format('%.0f', now + length), 'PX', math.ceil(length / 1000))
end
for _, key in ipairs({under_way, finished}) do
  redis.call('PEXPIRE', key, math.ceil((window + 600000000) / 1000))
end
local under_way_now, finished_now = redis.call('ZCARD', under_way), redis.call('ZCARD', finished)
local sites_now = redis.call('ZCARD', sites)
local answer = {acquired, closed_for, under_way_now, sites_now, redis.call('GET', data_id), finished_now}
local free = redis.call('ZRANGE', finished, 0, tonumber(ARGV[9]) - 1, 'WITHSCORES')
for at = 2, #free, 2 do
  answer[#answer + 1] = free[at] - now
end
return answer
"""


class Server(Protocol):
    """Runs scripts for all sites."""

    async def run_script(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        """Returns what `script` returns.

        Raises:
            StoreDownError: the server cannot be reached.
        """
        ...


class ValkeySlots:
    """The slots of one limit in the server, and the `local` slots that this site counts itself."""

    def __init__(self, rate: RateLimit, clock: Clock, local: Slots, *, valkey: Server, key: str, site: str) -> None:
        self._rate = rate
        self._clock = clock
        self._local = local
        self._valkey = valkey
        self._keys = [f"limit:{key}:{name}" for name in ("under-way", "finished", "closed", "sites", "data-id")]
        self._site = site
        self._server_count: SlotCount | None = None
        self._counted_at = float("-inf")
        self._sites = 1
        self._data_id: bytes | None = None
        self._local_share_until = float("-inf")
        self._sending: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> SlotCount:
        """The slots as the server has just counted them, or else as this site knows them."""
        fresh = self._server_count is not None and self._clock.monotonic() - self._counted_at < CHECK_SECONDS
        return self._server_count if fresh and self._server_count is not None else self._local.count

    async def acquire(self, reserved: int, max_seconds: float) -> Slot | None:
        """Returns a slot if both this site and the server have one; of this site alone while the server is away."""
        local = await self._local.acquire(max(reserved, self._reserved_for_other_sites()), max_seconds)
        if local is None:
            return None
        token = uuid4().hex
        try:
            acquired = await self._run("acquire", token, reserved, max_seconds)
        except StoreDownError:
            local.release_unused()
            return await self._local.acquire(max(reserved, self._reserved_for_other_sites()), max_seconds)
        except BaseException:
            local.release_unused()
            self._send_in_background("release", token)
            raise
        if not acquired:
            local.release_unused()
            return None
        return Slot(partial(self._end, local, token))

    def next_check_in(self) -> float | None:
        """Seconds after which to try again."""
        local = self._local.next_check_in()
        change = self.count.next_change(self._clock.monotonic())
        return min(CHECK_SECONDS, *(seconds for seconds in (local, change) if seconds is not None), CHECK_SECONDS)

    def close_for(self, seconds: float) -> None:
        """Closes the window of every site for `seconds`."""
        self._local.close_for(seconds)
        self._send_in_background("close", "", seconds)

    async def flush(self) -> None:
        """Returns when the server has received everything."""
        while self._sending:
            await asyncio.wait(self._sending)

    def _reserved_for_other_sites(self) -> int:
        """Number of slots that other sites may use while no server counts for all."""
        if self._clock.monotonic() >= self._local_share_until:
            return 0
        return self._rate.limit - max(1, self._rate.limit // self._sites)

    def _end(self, local: Slot, token: str, *, used: bool) -> None:
        # If the server does not receive this, the slot is free when the call must have ended.
        if used:
            local.finish()
        else:
            local.release_unused()
        self._send_in_background("finish" if used else "release", token)

    def _send_in_background(self, command: str, token: str, seconds: float = 0) -> None:
        async def send() -> None:
            with suppress(StoreDownError):
                await self._run(command, token, 0, seconds)

        task = asyncio.create_task(send())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _run(self, command: str, token: str, reserved: int, seconds: float) -> bool:
        times = (round(each * _MICROSECONDS) for each in (self._rate.seconds, seconds))
        args: list[str | bytes | float] = [command, token, self._rate.limit, reserved, *times, self._site, uuid4().hex]
        args.append(MAX_TIMES)
        try:
            answer = await self._valkey.run_script(SCRIPT, self._keys, args)
        except StoreDownError:
            self._use_local_share()
            raise
        acquired, closed_for, under_way, sites, data_id, finished, *free = answer
        if self._data_id not in {None, data_id}:
            self._use_local_share()
        self._data_id, self._sites = data_id, max(1, sites)
        self._store_count(closed_for, under_way, finished, free)
        return bool(acquired)

    def _store_count(self, closed_for: int, under_way: int, finished: int, free: Sequence[int]) -> None:
        now = self._clock.monotonic()
        free_at = padded_times((now + microseconds / _MICROSECONDS for microseconds in free), finished)
        closed_until = now + closed_for / _MICROSECONDS
        self._server_count = SlotCount(self._rate.limit, self._rate.seconds, free_at, under_way, closed_until)
        self._counted_at = now

    def _use_local_share(self) -> None:
        self._server_count = None
        self._local_share_until = self._clock.monotonic() + self._rate.seconds + CHECK_SECONDS
