"""A log in a Valkey server, which workers and machines share."""

import asyncio
import secrets
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from contextvars import Context
from typing import Any, Final

from linkweave.clock import Clock
from linkweave.events.encoding import GAP, decode, encode
from linkweave.events.events import Event, Topic, topic_of
from linkweave.events.recent_events import KEPT_EVENTS, Channel, RecentEvents
from linkweave.events.shared_log_scripts import APPEND, READ
from linkweave.events.subscriber import Subscriber
from linkweave.storage.outages import StoreDownError
from linkweave.storage.valkey import Valkey

POLL_SECONDS: Final = 0.2
"""Seconds between two looks at the server while somebody listens in this process."""
LIFETIME_SECONDS: Final = 86_400
"""Seconds after its latest event for which a log is kept."""
MAX_UNSENT: Final = 10_000
"""Maximum number of events that wait for the server."""
# Maximum number of entries of one step of the server.
_BATCH: Final = 250
# Seconds before what could not be sent is sent again.
_RETRY_SECONDS: Final = 1.0
# Seconds for which closing sends what waits.
_CLOSE_SECONDS: Final = 1.0
_LOG: Final = "events"
# The epoch of a server that was not asked yet. That of a server without a log is empty.
_UNKNOWN: Final = "?"


class SharedEventLog:
    """The log of all processes at one server. While somebody listens, this process has a copy of those channels.

    While the server is down, events wait. Those that are too many are told as a gap, as are those that it loses.
    """

    def __init__(self, valkey: Valkey, clock: Clock) -> None:
        self._valkey = valkey
        self._clock = clock
        self._copy = RecentEvents(_UNKNOWN)
        self._copied: set[Channel] = set()
        self._unsent: deque[tuple[Channel, Event]] = deque()
        self._overflown: set[Channel] = set()
        self._batch: tuple[str, Sequence[tuple[Channel, bytes]]] | None = None
        self._sender: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._reading = asyncio.Lock()
        self._look_now = asyncio.Event()
        self._joining = 0

    def publish(self, events: Sequence[Event]) -> None:
        """Sends `events` to the server, some time later."""
        for event in events:
            channel = Channel(topic_of(event), event.account)
            if len(self._unsent) < MAX_UNSENT:
                self._unsent.append((channel, event))
            else:
                self._overflown.add(channel)
        if self._sender is None or self._sender.done():
            self._sender = _start(self._send_all())

    async def subscribe(self, topic: Topic, accounts: Iterable[str], after: str | None) -> Subscriber:
        """Returns a subscriber. While the server is down, it learns of a gap once the server is back."""
        keys = tuple(accounts)
        self._joining += 1
        self._copied |= {Channel(topic, account) for account in keys}
        try:
            with suppress(StoreDownError):
                await self._read()
        finally:
            self._joining -= 1
        subscriber = self._copy.listen(topic, keys, after)
        if self._reader is None or self._reader.done():
            self._reader = _start(self._keep_reading())
        return subscriber

    async def close(self) -> None:
        """Sends what waits, as far as there is time."""
        if self._sender is not None:
            await asyncio.wait({self._sender}, timeout=_CLOSE_SECONDS)
        tasks = [task for task in (self._sender, self._reader) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _send_all(self) -> None:
        while self._batch or self._unsent or self._overflown:
            self._batch = self._batch or (secrets.token_hex(8), self._next_entries())
            try:
                await self._append(*self._batch)
            except StoreDownError:
                await self._clock.sleep(_RETRY_SECONDS)
            else:
                self._batch = None
                self._look_now.set()

    def _next_entries(self) -> Sequence[tuple[Channel, bytes]]:
        if not self._unsent:
            gaps = [(channel, GAP) for channel in self._overflown]
            self._overflown.clear()
            return gaps
        taken = [self._unsent.popleft() for _ in range(min(_BATCH, len(self._unsent)))]
        return [(channel, encode(event)) for channel, event in taken]

    async def _append(self, batch: str, entries: Sequence[tuple[Channel, bytes]]) -> None:
        indices = {channel: index for index, channel in enumerate(dict.fromkeys(each for each, _ in entries), 3)}
        args: list[str | bytes | float] = [LIFETIME_SECONDS, KEPT_EVENTS]
        for channel, text in entries:
            args += (indices[channel], text)
        # A command that timed out may have been executed: the server knows the batch by its key.
        await self._valkey.run_script(APPEND, [_LOG, f"{_LOG}/batch/{batch}", *map(_key, indices)], args)

    async def _keep_reading(self) -> None:
        while self._copy.listened or self._joining:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._look_now.wait()
            self._look_now.clear()
            with suppress(StoreDownError):
                await self._read()
        for channel in self._copied:
            self._copy.drop(channel)
        self._copied.clear()

    async def _read(self) -> None:
        more = True
        async with self._reading:
            while more:
                channels = tuple(self._copied)
                known = [str(self._copy.last_number(channel)) for channel in channels]
                args: list[str | bytes | float] = [self._copy.epoch, _BATCH, *known]
                epoch, more, found = await self._valkey.run_script(READ, [_LOG, *map(_key, channels)], args)
                self._take(channels, epoch.decode(), found)

    def _take(self, channels: Sequence[Channel], epoch: str, found: Sequence[Any]) -> None:
        if epoch != self._copy.epoch:
            # The server has lost the log that this process knows, or was down when this process asked first.
            self._copy.forget(epoch, tell=bool(self._copy.epoch))
        for index, last, entries in found:
            self._take_entries(channels[index], int(last), entries)

    def _take_entries(self, channel: Channel, last: int, entries: Sequence[Any]) -> None:
        for name, values in entries:
            number, fields = int(name.rpartition(b"-")[2]), dict(zip(values[::2], values[1::2], strict=True))
            before = int(fields[b"before"])
            if before > self._copy.last_number(channel):
                self._copy.append(channel, before, None)
            self._copy.append(channel, number, decode(channel.topic, fields[b"event"]))
        if last > self._copy.last_number(channel):
            self._copy.append(channel, last, None)


def _key(channel: Channel) -> str:
    return f"{_LOG}/{channel.topic.value}/{channel.account}"


def _start(work: Any) -> "asyncio.Task[None]":
    # The task outlives the request that starts it, and has nothing of its context.
    return asyncio.get_running_loop().create_task(work, context=Context())
