"""Leases in one process, and leases in a server that workers share."""

import asyncio
import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from linkweave.clock import Clock
from linkweave.storage.interfaces import Acquired, Completed, Failed, HeldByOther, LeaseOutcome, LeaseState, Store
from linkweave.storage.outages import StoreDownError
from linkweave.storage.valkey import Valkey

# A lease is renewed while its holder lives. Seconds after its holder's death until another caller acquires it.
LEASE_SECONDS: Final = 2.0
RENEWALS_PER_LEASE: Final = 4
# Seconds for which waiters can read the outcome of a lease.
OUTCOME_SECONDS: Final = 2.0
FIRST_POLL_SECONDS: Final = 0.004
MAX_POLL_SECONDS: Final = 0.05
POLL_GROWTH: Final = 1.25
# Seconds after which the end of a lease that the server did not get is sent again.
RESEND_SECONDS: Final = 0.25

_ACQUIRE: Final = """
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
# KEYS: the lease, its outcome, the record. ARGV: token, kind of outcome, milliseconds to keep the outcome, value,
# milliseconds to store the value.
_END: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return end
redis.call('DEL', KEYS[1])
if ARGV[2] == '' then return end
redis.call('SET', KEYS[2], ARGV[2] .. ARGV[4], 'PX', ARGV[3])
if tonumber(ARGV[5]) > 0 then redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5]) end
"""
_POLL: Final = """
local outcome = redis.call('GET', KEYS[2])
if outcome then return outcome end
if redis.call('GET', KEYS[1]) == ARGV[1] then return 'w' end
return ''
"""


class MemoryLeases:
    """Leases for a single process, where every caller acquires a lease of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def acquire(self, key: str, seconds: float) -> LeaseState:  # noqa: ARG002 - there is no other holder
        """Acquires the lease of `key`."""
        return Acquired(_new_token())

    async def complete(self, key: str, token: str, value: bytes, ttl_seconds: float) -> None:  # noqa: ARG002 - as above
        """Stores `value` under `key` for `ttl_seconds`, unless they are 0."""
        if ttl_seconds > 0:
            await self._store.set(key, value, ttl_seconds)

    async def fail(self, key: str, token: str, error: bytes) -> None:
        """Does nothing, because there are no waiters."""

    async def release(self, key: str, token: str) -> None:
        """Does nothing, because there are no waiters."""

    async def wait_for_outcome(self, key: str, token: str) -> LeaseOutcome | None:  # noqa: ARG002 - as above
        """Returns None at once, because there is no other holder."""
        return None


class ValkeyLeases:
    """Leases in the server: each lasts `lease_seconds`, and is renewed for as long as it was acquired for.

    A lease that the server does not confirm belongs to its caller all the same: at worst, two callers do the same work.
    If the server did create it, it expires after `lease_seconds`.
    `jitter` returns numbers from 0 to 1.
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
        self._lease_seconds = lease_seconds
        self._jitter = jitter
        # Token → key and the time after which the lease is not renewed.
        self._held: dict[str, tuple[str, float]] = {}
        # Token → key and the time at which the lease expires, of leases whose end the server did not get.
        self._unended: dict[str, tuple[str, float]] = {}
        self._renewal: asyncio.Task[None] | None = None

    async def acquire(self, key: str, seconds: float) -> LeaseState:
        """Acquires the lease of `key` for at most `seconds`, unless another caller holds it."""
        token = _new_token()
        try:
            lease = _milliseconds(min(seconds, self._lease_seconds))
            holder = (await self._valkey.run_script(_ACQUIRE, [_lease_key(key)], [token, lease])).decode()
        except StoreDownError:
            return Acquired(token)
        if holder != token:
            return HeldByOther(holder)
        self._held[token] = (key, self._clock.monotonic() + seconds)
        self._start_renewing()
        return Acquired(token)

    async def complete(self, key: str, token: str, value: bytes, ttl_seconds: float) -> None:
        """Ends the lease `token`, if it is still the one of `key`. Waiters get `value`.

        Stores `value` under `key` as well, for `ttl_seconds`; 0 does not store it.
        """
        await self._end(key, token, b"s", value, ttl_seconds)

    async def fail(self, key: str, token: str, error: bytes) -> None:
        """Ends the lease `token`. Waiters get `error`, and a later `acquire` does not."""
        await self._end(key, token, b"f", error, 0)

    async def release(self, key: str, token: str) -> None:
        """Ends the lease `token` without an outcome, so that the next waiter acquires it."""
        await self._end(key, token, b"", b"", 0)

    async def wait_for_outcome(self, key: str, token: str) -> LeaseOutcome | None:
        """Returns how the lease `token` ended, once it has; None where it ended without an outcome or expired."""
        wait = FIRST_POLL_SECONDS
        while True:
            try:
                answer: bytes = await self._valkey.run_script(_POLL, [_lease_key(key), _outcome_key(token)], [token])
            except StoreDownError:
                return None
            if answer != b"w":
                return _decode_outcome(answer)
            await self._clock.sleep(wait * (0.5 + self._jitter() / 2))
            wait = min(wait * POLL_GROWTH, MAX_POLL_SECONDS)

    async def close(self) -> None:
        """Stops renewing."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    async def _end(self, key: str, token: str, kind: bytes, value: bytes, ttl_seconds: float) -> None:
        held = self._held.pop(token, None)
        ttl = _milliseconds(ttl_seconds) if ttl_seconds > 0 else 0
        args: list[str | bytes | float] = [token, kind, _milliseconds(OUTCOME_SECONDS), value, ttl]
        try:
            await self._valkey.run_script(_END, [_lease_key(key), _outcome_key(token), key], args)
        except StoreDownError:
            if held is not None:
                self._unended[token] = (key, self._clock.monotonic() + self._lease_seconds)
                self._start_renewing()

    def _start_renewing(self) -> None:
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._keep_renewing())

    async def _keep_renewing(self) -> None:
        while self._held or self._unended:
            pause = self._lease_seconds / RENEWALS_PER_LEASE
            await self._clock.sleep(min(pause, RESEND_SECONDS) if self._unended else pause)
            now = self._clock.monotonic()
            self._held = {token: (key, until) for token, (key, until) in self._held.items() if until > now}
            if self._held:
                keys = [_lease_key(key) for key, _ in self._held.values()]
                with suppress(StoreDownError):
                    await self._valkey.run_script(_RENEW, keys, [str(_milliseconds(self._lease_seconds)), *self._held])
            await self._end_again()

    async def _end_again(self) -> None:
        """Ends the leases whose end the server did not get, so that waiters need not wait until they expire."""
        for token, (key, expires_at) in list(self._unended.items()):
            args: list[str | bytes | float] = [token, b"", 0, b"", 0]
            try:
                if expires_at > self._clock.monotonic():
                    await self._valkey.run_script(_END, [_lease_key(key), _outcome_key(token), key], args)
            except StoreDownError:
                return
            self._unended.pop(token)


def _decode_outcome(answer: bytes) -> LeaseOutcome | None:
    if answer.startswith(b"s"):
        return Completed(answer[1:])
    return Failed(answer[1:]) if answer else None


def _lease_key(key: str) -> str:
    return f"lease:{key}"


def _outcome_key(token: str) -> str:
    return f"outcome:{token}"


def _new_token() -> str:
    return secrets.token_hex(16)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
