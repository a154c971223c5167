"""A log in a Valkey server, which workers and machines share."""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from contextvars import Context
from typing import Any, Final, NamedTuple

from linkweave.clock import Clock
from linkweave.events.encoding import GAP, ReportLost, decode, encode
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

    def __init__(self, valkey: Valkey, clock: Clock, report_lost: ReportLost = lambda *_: None) -> None:
        self._valkey = valkey
        self._clock = clock
        self._report_lost = report_lost
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
        self._is_closed = False

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
            await self._try_to_read()
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
        self._is_closed = True
        tasks = {task for task in (self._sender, self._reader) if task is not None and not task.done()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSE_SECONDS)

    async def _send_all(self) -> None:
        while (self._batch or self._unsent or self._overflown) and not self._is_closed:
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
        return [(channel, encode(event, self._report_lost)) for channel, event in taken]

    async def _append(self, batch: str, entries: Sequence[tuple[Channel, bytes]]) -> None:
        indices = {channel: index for index, channel in enumerate(dict.fromkeys(each for each, _ in entries), 3)}
        args: list[str | bytes | float] = [LIFETIME_SECONDS, KEPT_EVENTS]
        for channel, text in entries:
            args += (indices[channel], text)
        # A command that timed out may have been executed: the server knows the batch by its key.
        await self._valkey.run_script(APPEND, [_LOG, f"{_LOG}/batch/{batch}", *map(_key, indices)], args)

    async def _keep_reading(self) -> None:
        while (self._copy.listened or self._joining) and not self._is_closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._look_now.wait()
            self._look_now.clear()
            await self._try_to_read()
        for channel in self._copied:
            self._copy.drop(channel)
        self._copied.clear()

    async def _try_to_read(self) -> None:
        try:
            await self._read()
        except StoreDownError:
            return
        except Exception:
            # Without its reader, a subscriber would wait for ever.
            logging.getLogger("linkweave").exception("events: the shared log could not be read")

    async def _read(self) -> None:
        """Adds to the copy what is new. Its entries come in the order of their numbers, over all channels."""
        async with self._reading:
            channels, epoch, more = tuple(self._copied), self._copy.epoch, True
            known, found = {each: self._copy.last_number(each) for each in channels}, list[_Found]()
            while more:
                args: list[str | bytes | float] = [epoch, _BATCH, *(str(known[channel]) for channel in channels)]
                answer = await self._valkey.run_script(READ, [_LOG, *map(_key, channels)], args)
                now, more, parts = answer[0].decode(), answer[1], answer[2]
                if now != epoch:
                    epoch, known, found = now, dict.fromkeys(channels, 0), []
                for index, last, entries in parts:
                    channel = channels[index]
                    found += _entries(channel, known[channel], int(last), entries)
                    known[channel] = found[-1].number if found and found[-1].channel == channel else known[channel]
            self._take(epoch, found)

    def _take(self, epoch: str, found: Sequence["_Found"]) -> None:
        if epoch != self._copy.epoch:
            # The server has lost the log that this process knows, or was down when this process asked first.
            self._copy.forget(epoch, tell=bool(self._copy.epoch))
        for each in sorted(found, key=lambda each: each.number):
            self._copy.append(each.channel, each.number, each.event)


class _Found(NamedTuple):
    """An entry that is new; without an event, a gap."""

    number: int
    channel: Channel
    event: Event | None


def _entries(channel: Channel, known: int, last: int, entries: Sequence[Any]) -> Iterator[_Found]:
    """Yields the new entries of a channel, whose latest known number is `known`, and the gaps between them."""
    for name, values in entries:
        number, fields = int(name.rpartition(b"-")[2]), dict(zip(values[::2], values[1::2], strict=True))
        before = int(fields[b"before"])
        if before > known:
            yield _Found(before, channel, None)
        yield _Found(number, channel, decode(channel.topic, fields[b"event"]))
        known = number
    if last > known:
        yield _Found(last, channel, None)


def _key(channel: Channel) -> str:
    return f"{_LOG}/{channel.topic.value}/{channel.account}"


def _start(work: Any) -> "asyncio.Task[None]":
    # The task outlives the request that starts it, and has nothing of its context.
    return asyncio.get_running_loop().create_task(work, context=Context())
