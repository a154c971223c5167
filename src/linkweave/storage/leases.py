"""Claims in this process, and in a server that workers share."""

import asyncio
import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from linkweave.clock import Clock
from linkweave.storage.interfaces import Acquired, Claim, Completed, Failed, HeldByOther, Outcome, Store
from linkweave.storage.outage_backoff import StoreDownError
from linkweave.storage.valkey import Valkey

# A claim is renewed while its owner lives; so long after its owner's death, others take over.
LEASE_SECONDS: Final = 2.0
RENEWALS_PER_LEASE: Final = 4
# So long those who wait can learn how a claim ended.
TOLD_SECONDS: Final = 2.0
FIRST_WAIT_SECONDS: Final = 0.004
LONGEST_WAIT_SECONDS: Final = 0.05
WAIT_GROWTH: Final = 1.25

_CLAIM: Final = """
local held = redis.call('GET', KEYS[1])
if held then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""
_RENEW: Final = """
for place = 1, #KEYS do
  if redis.call('GET', KEYS[place]) == ARGV[place + 1] then redis.call('PEXPIRE', KEYS[place], ARGV[1]) end
end
"""
# KEYS: the claim, how it ended, the record. ARGV: token, how it ended, time to tell, value, time to keep it.
_END: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return end
redis.call('DEL', KEYS[1])
if ARGV[2] == '' then return end
redis.call('SET', KEYS[2], ARGV[2] .. ARGV[4], 'PX', ARGV[3])
if tonumber(ARGV[5]) > 0 then redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5]) end
"""
_LOOK: Final = """
local ended = redis.call('GET', KEYS[2])
if ended then return ended end
if redis.call('GET', KEYS[1]) == ARGV[1] then return 'w' end
return ''
"""


class MemoryLeases:
    """Claims where there is one process only, in which everybody's claim is their own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def claim(self, key: str, seconds: float) -> Claim:  # noqa: ARG002 - nobody else could claim it
        """Claim `key`."""
        return Acquired(_new_token())

    async def settle(self, key: str, token: str, value: bytes, ttl_seconds: float) -> None:  # noqa: ARG002 - as above
        """Store `value` under `key`."""
        if ttl_seconds > 0:
            await self._store.set(key, value, ttl_seconds)

    async def fail(self, key: str, token: str, error: bytes) -> None:
        """Nobody waits."""

    async def release(self, key: str, token: str) -> None:
        """Nobody waits."""

    async def outcome(self, key: str, token: str) -> Outcome | None:  # noqa: ARG002 - there is none
        """Nobody has anything to wait for."""
        return None


class ValkeyLeases:
    """Claims in the server. A claim is a lease of `lease_seconds`, renewed for as long as it was claimed for.

    A claim that the server did not answer to is the caller's all the same: at worst, two do what one could have done.
    Should the server have heard of it, it runs out with its lease.
    `jitter` is drawn from 0 to 1.
    """

    def __init__(
        self,
        valkey: Valkey,
        clock: Clock,
        lease_seconds: float = LEASE_SECONDS,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._valkey = valkey
        self._clock = clock
        self._lease = lease_seconds
        self._jitter = jitter
        # Token → key and the time after which it is not renewed.
        self._held: dict[str, tuple[str, float]] = {}
        self._renewing: asyncio.Task[None] | None = None

    async def claim(self, key: str, seconds: float) -> Claim:
        """Claim `key` for `seconds`, unless somebody has it."""
        token = _new_token()
        try:
            lease = _milliseconds(min(seconds, self._lease))
            holder = (await self._valkey.run(_CLAIM, [_claim(key)], [token, lease])).decode()
        except StoreDownError:
            return Acquired(token)
        if holder != token:
            return HeldByOther(holder)
        self._held[token] = (key, self._clock.monotonic() + seconds)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._keep_renewing())
        return Acquired(token)

    async def settle(self, key: str, token: str, value: bytes, ttl_seconds: float) -> None:
        """End the claim `token` and store `value` under `key`, if the claim is still that one.

        With 0 seconds, those who wait get the value and nobody else.
        """
        await self._end(key, token, b"s", value, ttl_seconds)

    async def fail(self, key: str, token: str, error: bytes) -> None:
        """End the claim `token`; those who wait for it learn `error`, for a moment."""
        await self._end(key, token, b"f", error, 0)

    async def release(self, key: str, token: str) -> None:
        """End the claim `token` with nothing, so that the next one who waits takes over."""
        await self._end(key, token, b"", b"", 0)

    async def outcome(self, key: str, token: str) -> Outcome | None:
        """Wait until the claim `token` has ended; None when it ended with nothing or ran out."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                told: bytes = await self._valkey.run(_LOOK, [_claim(key), _ended(token)], [token])
            except StoreDownError:
                return None
            if told != b"w":
                return _outcome(told)
            await self._clock.sleep(wait * (0.5 + self._jitter() / 2))
            wait = min(wait * WAIT_GROWTH, LONGEST_WAIT_SECONDS)

    async def close(self) -> None:
        """Stop renewing."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)

    async def _end(self, key: str, token: str, how: bytes, value: bytes, ttl_seconds: float) -> None:
        self._held.pop(token, None)
        kept = _milliseconds(ttl_seconds) if ttl_seconds > 0 else 0
        args: list[str | bytes | float] = [token, how, _milliseconds(TOLD_SECONDS), value, kept]
        with suppress(StoreDownError):
            await self._valkey.run(_END, [_claim(key), _ended(token), key], args)

    async def _keep_renewing(self) -> None:
        while self._held:
            await self._clock.sleep(self._lease / RENEWALS_PER_LEASE)
            now = self._clock.monotonic()
            self._held = {token: (key, until) for token, (key, until) in self._held.items() if until > now}
            if self._held:
                keys = [_claim(key) for key, _ in self._held.values()]
                with suppress(StoreDownError):
                    await self._valkey.run(_RENEW, keys, [str(_milliseconds(self._lease)), *self._held])


def _outcome(told: bytes) -> Outcome | None:
    if told.startswith(b"s"):
        return Completed(told[1:])
    return Failed(told[1:]) if told else None


def _claim(key: str) -> str:
    return f"claim:{key}"


def _ended(token: str) -> str:
    return f"ended:{token}"


def _new_token() -> str:
    return secrets.token_hex(16)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
