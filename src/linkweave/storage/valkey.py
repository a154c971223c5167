"""The client of one Valkey or Redis server: each command has a timeout, and fails at once while the server is down."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

from aiocache import RedisCache
from aiocache.serializers import NullSerializer
from pydantic import SecretStr
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError, ResponseError

from linkweave.clock import Clock
from linkweave.storage.loop_aware_timeout import LoopAwareTimeout
from linkweave.storage.outage_backoff import ServerBackoff
from linkweave.storage.outages import Outage, OutageKind, StoreDownError, outage_of, refusal_of
from linkweave.storage.server_probe import PROBE_SCRIPT, PROBE_TTL_SECONDS

MAX_CONNECTIONS: Final = 20
DEFAULT_PORT: Final = 6379
# A timeout that fires so many seconds late was caused by this process being busy, not by the server.
LATE_SECONDS: Final = 0.1

Answer = TypeVar("Answer")


class Valkey:
    """A pool of `connections` to the server at `url`. It puts `prefix` before every key. Values are bytes.

    Every command fails with StoreDownError after `timeout_seconds`, or when the server refuses it. A server that
    refuses what Linkweave needs is not used, as if it were down. `report` gets each change: the reason, or None.
    """

    def __init__(
        self,
        url: SecretStr,
        prefix: str,
        timeout_seconds: float,
        clock: Clock,
        connections: int = MAX_CONNECTIONS,
        report: Callable[[str | None], None] = lambda _reason: None,
    ) -> None:
        options = {"host": "127.0.0.1", "port": DEFAULT_PORT, **parse_url(url.get_secret_value())}
        self.server = f"{options['host']}:{options['port']}"
        self._prefix = prefix
        self._timeout_seconds = timeout_seconds
        self._backoff = ServerBackoff(self.server, clock, report)
        self._cache = _open(options, prefix, connections)
        self._redis: Redis = self._cache.client
        self._scripts: dict[str, AsyncScript] = {}
        self._free_connections = asyncio.Semaphore(connections)

    @property
    def available(self) -> bool:
        """Whether the server did all that it was asked to lately; True before the first command."""
        return not self._backoff.is_down

    @property
    def outage(self) -> Outage | None:
        """Why the server cannot be used; None while it can."""
        return self._backoff.outage

    @property
    def next_check_in(self) -> float:
        """Seconds until the next attempt to reach the server; 0 while it is up."""
        return self._backoff.next_check_in

    async def probe(self) -> Outage | None:
        """Writes, reads and deletes, with every command that Linkweave uses. Returns why that fails. Never raises.

        Right after a failure, it returns the same and sends nothing.
        """
        with suppress(StoreDownError):
            await self._execute(_no_command, probe_first=True)
        return self._backoff.outage

    async def get(self, key: str) -> bytes | None:
        """Returns the value of `key`, or None."""
        value: bytes | None = await self._execute(lambda: self._cache.get(key))
        return value

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Returns the value of each key, or None, all of the same moment."""
        values: list[bytes | None] = await self._execute(lambda: self._cache.multi_get(keys))
        return values

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Stores `value` for `ttl_seconds`."""
        # aiocache takes a float as milliseconds and an int as seconds; the server refuses 0 of either.
        await self._execute(lambda: self._cache.set(key, value, ttl=max(0.001, float(ttl_seconds))))

    async def delete(self, key: str) -> None:
        """Deletes the value of `key`."""
        await self._execute(lambda: self._cache.delete(key))

    async def run_script(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        """Runs the Lua `script` as one step, and returns its result. It may use only `keys`, which get the prefix."""
        return await self._execute(partial(self._script, script, keys, args))

    async def close(self) -> None:
        """Closes the connections."""
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(self._timeout_seconds):
                await self._redis.aclose()

    async def _execute(self, command: Callable[[], Awaitable[Answer]], *, probe_first: bool = False) -> Answer:
        """Executes `command`. A server that was down is probed before."""
        was_sent = False
        try:
            # The pool's own queue loses its next waiter when the one whose turn it is has just been cancelled.
            async with self._free_connections:
                with self._backoff.attempt() as is_check:
                    was_sent = True
                    if is_check or probe_first:
                        await self._probe()
                    answer = await self._send(command)
                    if isinstance(answer, ResponseError):
                        # Either the server refuses everything, or this command is the only one.
                        await self._probe()
        except StoreDownError as error:
            error.retry_after = error.retry_after or self.next_check_in or None
            if was_sent and not self.available:
                await self._drop_idle_connections()
            raise
        if isinstance(answer, ResponseError):
            refusal = refusal_of(answer)
            self._backoff.log_refusal(refusal.reason)
            raise StoreDownError(f"{self.server} {refusal.reason}", refusal)
        return answer

    async def _probe(self) -> None:
        token = secrets.token_hex(8)
        keys = [f"probe:{token}:{name}" for name in ("written", "counted")]

        async def write_and_read() -> object:
            await self._cache.set(keys[0], token.encode(), ttl=PROBE_TTL_SECONDS)
            return await self._script(PROBE_SCRIPT, keys, [token, round(PROBE_TTL_SECONDS * 1000)])

        seen = await self._send(write_and_read)
        if isinstance(seen, ResponseError):
            outage = refusal_of(seen)
        elif seen != token.encode():
            outage = Outage(OutageKind.REFUSING, "does not return what was written to it")
        else:
            return
        raise StoreDownError(f"{self.server} {outage.reason}", outage)

    async def _send(self, command: Callable[[], Awaitable[Answer]]) -> Answer | ResponseError:
        due = asyncio.get_running_loop().time() + self._timeout_seconds
        try:
            async with LoopAwareTimeout(self._timeout_seconds):
                return await command()
        except ResponseError as refusal:
            return refusal
        except TimeoutError:
            late = asyncio.get_running_loop().time() - due
            outage = Outage(OutageKind.UNREACHABLE, f"did not answer in {self._timeout_seconds:g} s")
            raise StoreDownError(f"{self.server} {outage.reason}", outage, by_server=late < LATE_SECONDS) from None
        except (RedisError, OSError) as error:
            # Its text may name more than the server.
            outage = outage_of(error)
            raise StoreDownError(f"{self.server} {outage.reason}", outage) from None

    def _script(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float]) -> Awaitable[Any]:
        known = self._scripts.get(script)
        if known is None:
            known = self._scripts[script] = self._redis.register_script(script)
        return known([f"{self._prefix}:{key}" for key in keys], args)

    async def _drop_idle_connections(self) -> None:
        """Closes the connections that are not in use: the server behind them may be gone."""
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(self._timeout_seconds):
                await self._redis.connection_pool.disconnect(inuse_connections=False)


async def _no_command() -> None:
    """Does nothing, after a probe."""


class ValkeyStore:
    """A `Store` in the server. While the server is down, it stores nothing and finds nothing."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey

    async def get(self, key: str) -> bytes | None:
        """Returns the value of `key`, or None."""
        try:
            return await self._valkey.get(key)
        except StoreDownError:
            return None

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """Returns the value of each key, or None."""
        try:
            return await self._valkey.get_many(keys) if keys else []
        except StoreDownError:
            return [None] * len(keys)

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Stores `value` for `ttl_seconds`."""
        with suppress(StoreDownError):
            await self._valkey.set(key, value, ttl_seconds)

    async def delete(self, key: str) -> None:
        """Deletes the value of `key`."""
        with suppress(StoreDownError):
            await self._valkey.delete(key)


def _open(options: dict[str, Any], prefix: str, connections: int) -> RedisCache:
    """Opens aiocache's store, whose client runs scripts too. It has no timeouts: `Valkey` sets one for each command."""
    options = dict(options)
    return RedisCache(
        serializer=NullSerializer(encoding=None),
        namespace=prefix,
        timeout=0,
        endpoint=options.pop("host"),
        port=options.pop("port"),
        db=options.pop("db", 0),
        password=options.pop("password", None),
        pool_max_size=connections,
        connection_pool_class=BlockingConnectionPool,
        connection_pool_kwargs={
            # With protocol 3, the client expects messages at any time, and does not notice an answer that was not read.
            "protocol": 2,
            "driver_info": None,
            "socket_timeout": None,
            "timeout": None,
            **options,
        },
    )
