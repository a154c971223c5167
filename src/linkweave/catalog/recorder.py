"""Stores what requests see and write of links: one after the other, in a task of its own."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.database import Database
from linkweave.catalog.history.due_times import Bounds
from linkweave.catalog.history.told_clicks import add_told_clicks
from linkweave.catalog.outages import MAX_REFUSALS
from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.catalog.writes.deleted_links import mark_deleted
from linkweave.catalog.writes.link_news import created_news, known_news
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.catalog.writes.record_update import record_update
from linkweave.catalog.writes.record_upload import record_upload
from linkweave.catalog.writes.reset_clicks import of_handles, of_tags, reset_clicks
from linkweave.catalog.writes.tagged_links import delete_tagged, update_tagged
from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.errors import CatalogUnavailableError
from linkweave.models import Link, LinkFilter, Upload
from linkweave.models.changes import LinkPatch, WrittenLink
from linkweave.models.link_changes import SeenBy

# Pages that wait to be stored. Further ones are dropped: a later reading or a walk shows their links again.
MAX_SIGHTINGS: Final = 100
# Writes that wait while the database cannot be used: nothing shows them again where a vendor lists no links.
MAX_WRITES: Final = 10_000
# Seconds that a caller waits until its write is stored, and that closing waits for everything.
WAIT_SECONDS: Final = 2.0
# Seconds before a write is tried again.
RETRY_SECONDS: Final = 1.0
# Pages that were stored lately: a cached page is not stored again.
_REMEMBERED_PAGES: Final = 1024

_LOG: Final = logging.getLogger("linkweave.catalog")

_ANY_TIME: Final = Bounds(0, float("inf"))

Store: TypeAlias = Callable[[AsyncConnection], Awaitable[Sequence[ChangedLink]]]
OnChange: TypeAlias = Callable[[Sequence[ChangedLink]], None]


async def _nothing(_: AsyncConnection) -> Sequence[ChangedLink]:
    """The transaction around it is enough."""
    return ()


@dataclass(eq=False, slots=True)
class _Write:
    store: Store
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    refusals: int = 0


class LinkRecorder:
    """Stores in `database` what it is told, and then tells `on_change` what has changed, as far as it is news."""

    def __init__(self, database: Database, clock: Clock, on_change: OnChange, bounds: Bounds = _ANY_TIME) -> None:
        self._database = database
        self._clock = clock
        self._on_change = on_change
        self._bounds = bounds
        self._writes: deque[_Write] = deque()
        self._sightings: deque[Store] = deque()
        self._stored_pages: LruDict[tuple[object, ...], None] = LruDict(max_entries=_REMEMBERED_PAGES)
        self._task: asyncio.Task[None] | None = None

    def start_upgrade(self) -> None:
        """Starts to create the tables, or to upgrade them."""
        self._sightings.append(_nothing)
        self._start()

    def saw_links(self, account: str, links: Sequence[Link], known_fields: frozenset[str]) -> None:
        """Stores `links` some time later, unless too many wait, or the same were stored before."""
        if not links or len(self._sightings) >= MAX_SIGHTINGS:
            return
        page = (account, links[0].handle, links[0].fetched_at, len(links), known_fields)
        if page in self._stored_pages:
            return
        self._stored_pages.put(page, None)
        sighting = self._sighting(account)

        async def store(connection: AsyncConnection) -> Sequence[ChangedLink]:
            return await known_news(connection, sighting, await record_links(connection, sighting, links, known_fields))

        self._sightings.append(store)
        self._start()

    async def wrote_links(self, account: str, written: Sequence[WrittenLink]) -> None:
        """Stores links that were created."""
        sighting = self._sighting(account)

        async def store(connection: AsyncConnection) -> Sequence[ChangedLink]:
            changes = [await record_links(connection, sighting, (each.link,), each.known_fields) for each in written]
            links = [each.link for each in written]
            return await created_news(connection, sighting, links, [change for each in changes for change in each])

        await self._write(store)

    async def updated_link(
        self, account: str, handle: str, new_handle: str, patch: LinkPatch, written: WrittenLink | None
    ) -> None:
        """Stores the update of a link."""
        sighting = self._sighting(account)
        await self._write(lambda connection: record_update(connection, sighting, handle, new_handle, patch, written))

    async def deleted_links(self, account: str, handles: Sequence[str]) -> None:
        """Stores that links were deleted."""
        sighting = self._sighting(account)
        await self._write(lambda connection: mark_deleted(connection, sighting, handles))

    async def updated_tagged(self, account: str, tags: LinkFilter, patch: LinkPatch) -> None:
        """Stores the update of all links with these tags."""
        sighting = self._sighting(account)
        await self._write(lambda connection: update_tagged(connection, sighting, tags, patch))

    async def deleted_tagged(self, account: str, tags: LinkFilter) -> None:
        """Stores that all links with these tags were deleted."""
        sighting = self._sighting(account)
        await self._write(lambda connection: delete_tagged(connection, sighting, tags))

    async def reset_stats(self, account: str, handles: Sequence[str], zone: tzinfo) -> None:
        """Stores that the clicks of links were set back to zero. Days are those of `zone`."""
        await self._reset(account, of_handles(account, handles), zone)

    async def reset_tagged(self, account: str, tags: LinkFilter, zone: tzinfo) -> None:
        """Stores that the clicks of all links with these tags were set back to zero. Days are those of `zone`."""
        await self._reset(account, of_tags(account, tags), zone)

    async def _reset(self, account: str, wanted: ColumnElement[bool], zone: tzinfo) -> None:
        sighting = self._sighting(account)

        async def store(connection: AsyncConnection) -> Sequence[ChangedLink]:
            await reset_clicks(connection, sighting, wanted, zone, self._bounds)
            return ()

        await self._write(store)

    async def uploaded(self, account: str, upload: Upload) -> None:
        """Stores an upload."""
        at = self._clock.now()

        async def store(connection: AsyncConnection) -> Sequence[ChangedLink]:
            await record_upload(connection, account, upload, at)
            return ()

        await self._write(store)

    async def told_by_webhook(
        self, account: str, links: Sequence[Link], gone: Sequence[str], clicks: Mapping[str, int]
    ) -> None:
        """Stores links that a webhook named, as they are now, those that are gone, and their clicks by handle."""
        sighting = Sighting(account, SeenBy.WEBHOOK, self._clock.now())

        async def store(connection: AsyncConnection) -> Sequence[ChangedLink]:
            changes = [*await known_news(connection, sighting, await record_links(connection, sighting, links))]
            changes += await mark_deleted(connection, sighting, gone)
            await add_told_clicks(connection, account, clicks, sighting.at, self._bounds.min_seconds)
            return changes

        await self._write(store)

    async def close(self) -> None:
        """Stores what waits, as far as there is time."""
        task = self._task
        if task is not None:
            await asyncio.wait({task}, timeout=WAIT_SECONDS)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _sighting(self, account: str) -> Sighting:
        return Sighting(account, SeenBy.GATEWAY, self._clock.now())

    async def _write(self, store: Store) -> None:
        if len(self._writes) >= MAX_WRITES:
            _LOG.warning("catalog: a write is not stored, because %d wait for the database", MAX_WRITES)
            return
        write = _Write(store)
        self._writes.append(write)
        self._start()
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_SECONDS):
                await write.tried.wait()

    def _start(self) -> None:
        if self._task is None or self._task.done():
            # The task outlives the request that starts it, and has nothing of its context.
            self._task = asyncio.get_running_loop().create_task(self._store_all(), context=Context())

    async def _store_all(self) -> None:
        while self._writes or self._sightings:
            if self._writes:
                await self._store_write(self._writes[0])
            else:
                await self._store(self._sightings.popleft())

    async def _store_write(self, write: _Write) -> None:
        failure = await self._store(write.store)
        write.tried.set()
        write.refusals += failure is not None and not failure.lasts
        if failure is not None and write.refusals < MAX_REFUSALS:
            await self._clock.sleep(RETRY_SECONDS)
            return
        self._writes.popleft()
        if failure is not None:
            _LOG.warning("catalog: a write is not stored: %s", failure)

    async def _store(self, store: Store) -> CatalogUnavailableError | None:
        """Returns the failure after which it makes sense to try again."""
        try:
            async with self._database.write() as connection:
                changes = await store(connection)
        except CatalogUnavailableError as error:
            return error
        except Exception:  # noqa: BLE001 - the next writes are stored
            _LOG.exception("catalog: something that was seen could not be stored")
            return None
        if changes:
            self._on_change(changes)
        return None
