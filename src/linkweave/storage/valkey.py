"""One Valkey or Redis server: asked within a budget, and not at all while it is down."""

import asyncio
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
from linkweave.storage.outage_backoff import ServerBackoff, StoreDownError

MAX_CONNECTIONS: Final = 20
DEFAULT_PORT: Final = 6379
# So late after its time, a timeout tells that this process was busy, not that the server was slow.
LATE_SECONDS: Final = 0.1

Answer = TypeVar("Answer")


class Valkey:
    """A pool of `connections` to the server at `url`; every key has `prefix` before it.

    Whatever is asked takes `budget_seconds` at most, and raises StoreDownError when it fails. Answers are bytes.
    """

    def __init__(
        self, url: SecretStr, prefix: str, budget_seconds: float, clock: Clock, connections: int = MAX_CONNECTIONS
    ) -> None:
        told = {"host": "127.0.0.1", "port": DEFAULT_PORT, **parse_url(url.get_secret_value())}
        self.server = f"{told['host']}:{told['port']}"
        self._prefix = prefix
        self._budget = budget_seconds
        self._outage = ServerBackoff(self.server, clock)
        self._cache = _open(told, prefix, connections)
        self._redis: Redis = self._cache.client
        self._scripts: dict[str, AsyncScript] = {}
        self._places = asyncio.Semaphore(connections)

    @property
    def available(self) -> bool:
        """Whether the server answered when it was last asked; True before."""
        return not self._outage.lasts

    @property
    def next_check_in(self) -> float:
        """Seconds until it makes sense to ask; 0 while the server is up."""
        return self._outage.next_check_in

    async def ping(self) -> bool:
        """Whether the server answers now. Never raises."""
        with suppress(StoreDownError):
            await self._ask(self._redis.ping)
        return self.available

    async def get(self, key: str) -> bytes | None:
        """The value of `key`, or None."""
        value: bytes | None = await self._ask(lambda: self._cache.get(key))
        return value

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The value of each key, or None, as they are at one moment."""
        values: list[bytes | None] = await self._ask(lambda: self._cache.multi_get(keys))
        return values

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`."""
        # aiocache takes a float as milliseconds and an int as seconds; the server refuses 0 of either.
        await self._ask(lambda: self._cache.set(key, value, ttl=max(0.001, float(ttl_seconds))))

    async def delete(self, key: str) -> None:
        """Forget `key`."""
        await self._ask(lambda: self._cache.delete(key))

    async def run(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        """What the Lua `script` returns, which runs as one step; it may touch `keys` alone, which get the prefix."""
        known = self._scripts.get(script)
        if known is None:
            known = self._scripts[script] = self._redis.register_script(script)
        return await self._ask(partial(known, [f"{self._prefix}:{key}" for key in keys], args))

    async def close(self) -> None:
        """Close the connections."""
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(self._budget):
                await self._redis.aclose()

    async def _ask(self, command: Callable[[], Awaitable[Answer]]) -> Answer:
        was_available = self.available
        try:
            # The pool's own queue forgets the next one who waits when the one whose turn it is has just been cancelled.
            async with self._places:
                with self._outage.attempt():
                    answer = await self._send(command)
        except StoreDownError:
            if was_available and not self.available:
                await self._hang_up()
            raise
        if isinstance(answer, ResponseError):
            refusal = type(answer).__name__
            self._outage.complain(refusal)
            raise StoreDownError(f"{self.server} refuses: {refusal}")
        return answer

    async def _send(self, command: Callable[[], Awaitable[Answer]]) -> Answer | ResponseError:
        due = asyncio.get_running_loop().time() + self._budget
        try:
            async with LoopAwareTimeout(self._budget):
                return await command()
        except ResponseError as refusal:
            return refusal
        except TimeoutError:
            late = asyncio.get_running_loop().time() - due
            message = f"{self.server} did not answer in {self._budget:g} s"
            raise StoreDownError(message, by_server=late < LATE_SECONDS) from None
        except (RedisError, OSError) as error:
            # Its text may name more than the server.
            raise StoreDownError(f"{self.server} cannot be reached: {type(error).__name__}") from None

    async def _hang_up(self) -> None:
        """Close the connections that nobody uses: what is behind them may not be there any more."""
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(self._budget):
                await self._redis.connection_pool.disconnect(inuse_connections=False)


class ValkeyStore:
    """A Store in the server. While it is down, nothing is kept and nothing is found."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey

    async def get(self, key: str) -> bytes | None:
        """The record, or None."""
        try:
            return await self._valkey.get(key)
        except StoreDownError:
            return None

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """The record of each key, or None."""
        try:
            return await self._valkey.get_many(keys) if keys else []
        except StoreDownError:
            return [None] * len(keys)

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`."""
        with suppress(StoreDownError):
            await self._valkey.set(key, value, ttl_seconds)

    async def delete(self, key: str) -> None:
        """Forget the record."""
        with suppress(StoreDownError):
            await self._valkey.delete(key)


def _open(told: dict[str, Any], prefix: str, connections: int) -> RedisCache:
    """Aiocache's store, whose client runs scripts too. Time is bounded by who asks, so that nothing below does it."""
    told = dict(told)
    return RedisCache(
        serializer=NullSerializer(encoding=None),
        namespace=prefix,
        timeout=0,
        endpoint=told.pop("host"),
        port=told.pop("port"),
        db=told.pop("db", 0),
        password=told.pop("password", None),
        pool_max_size=connections,
        connection_pool_class=BlockingConnectionPool,
        connection_pool_kwargs={
            # Of protocol 3 the client expects messages at any time, and does not notice an answer that nobody read.
            "protocol": 2,
            "driver_info": None,
            "socket_timeout": None,
            "timeout": None,
            **told,
        },
    )
