"""The cache of single links by their handles. The pages of lists fill it, after the answers that they were read for."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.models import Link, Page
from linkweave.observability import NO_OBSERVER, CacheResult, Observer
from linkweave.storage.interfaces import VersionTags
from linkweave.transport.cache.parsed_content import Parser
from linkweave.transport.cache.record import CacheRecord, join_record
from linkweave.transport.cache.record_store import RecordStore
from linkweave.transport.lifetimes import Resource

_LINK: Final = TypeAdapter(Link)
_DIGEST_BYTES: Final = 20
_MAX_PAGES: Final = 256
# Seconds before the links of a page are stored, so that no caller waits for it.
STORE_DELAY_SECONDS: Final = 1.0
# Number of links after which other tasks get a turn of the event loop.
_LINKS_PER_TURN: Final = 25


@dataclass(frozen=True, slots=True)
class ListStart:
    """The moment before a page was fetched, and the version tags of that moment; None while they are not known."""

    at: datetime
    tags: VersionTags | None


@dataclass(frozen=True, slots=True)
class CachedLink:
    """A link that came with a list, and the moment until which it is fresh."""

    link: Link
    fresh_until: datetime


@dataclass(slots=True, eq=False)
class _ListedPage:
    """The links of a page that are not stored yet. `record` has the times and the tags of each of them."""

    record: CacheRecord
    links: Sequence[Link]
    _by_handle: dict[str, Link] | None = None

    def find(self, handle: str) -> CachedLink | None:
        """Returns the link with this handle, if it is on the page."""
        if self._by_handle is None:
            self._by_handle = {link.handle: link for link in self.links}
        link = self._by_handle.get(handle)
        return None if link is None else CachedLink(link, self.record.fresh_until)


@dataclass(slots=True)
class LinkEntities:
    """The links of one account that came with lists. A list has all facts of a link that there are.

    A page is at hand as soon as it is added. Its links are stored one by one some time later.
    """

    records: RecordStore
    clock: Clock
    origin: str
    observer: Observer = NO_OBSERVER
    _pages: LruDict[tuple[datetime, str], None] = field(default_factory=lambda: LruDict(max_entries=_MAX_PAGES))
    _unstored: deque[_ListedPage] = field(default_factory=deque)
    _timer: asyncio.TimerHandle | None = None
    _task: asyncio.Task[None] | None = None

    async def start_list(self) -> ListStart:
        """Must be called before a page is fetched, and its result be passed to `add_page`."""
        return ListStart(self.clock.now(), await self.records.current_tags(Resource.LINK))

    def add_page(self, start: ListStart, page: Page[Link]) -> None:
        """Stores the links of a page in the background, once for all callers that share the page.

        A page that was fetched before `start` is not stored.
        """
        if start.tags is None or page.fetched_at < start.at or not page.items:
            return
        name = page.fetched_at, page.items[0].handle
        if name in self._pages:
            return
        self._pages.put(name, None)
        record = CacheRecord(page.fetched_at, *self.records.expiry(Resource.LINK, page.fetched_at), start.tags)
        self._unstored.append(_ListedPage(record, page.items))
        if self._timer is None and self._task is None:
            self._start_timer()

    async def get_many(self, handles: Sequence[str]) -> dict[str, CachedLink]:
        """Returns the cached links among `handles`, fresh or stale."""
        tags = await self.records.current_tags(Resource.LINK)
        if tags is None:
            return {}
        found = self._unstored_links(handles, tags)
        missing = [handle for handle in handles if handle not in found]
        records = await self.records.get_many([self._key(handle) for handle in missing], tags) if missing else ()
        for handle, record in zip(missing, records, strict=True):
            link = None if record is None else record.content.parse(_PARSER, record.at)
            if record is not None and link is not None:
                found[handle] = CachedLink(link, record.fresh_until)
        for handle in handles:
            self.observer.cache_looked_up("entities", self.records.account, self._result(found.get(handle)))
        return found

    async def close(self) -> None:
        """Ends the work in the background. Links that are not stored yet are forgotten."""
        self._unstored.clear()
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _unstored_links(self, handles: Sequence[str], tags: VersionTags) -> dict[str, CachedLink]:
        found: dict[str, CachedLink] = {}
        for page in self._unstored:
            if page.record.tags == tags and self.clock.now() < page.record.stale_until:
                found |= {handle: link for handle in handles if (link := page.find(handle)) is not None}
        return found

    def _start_timer(self) -> None:
        loop = asyncio.get_running_loop()
        # The task is not part of the operation that has read the page.
        self._timer = loop.call_later(STORE_DELAY_SECONDS, self._start_storing, context=Context())

    def _start_storing(self) -> None:
        self._timer = None
        self._task = asyncio.get_running_loop().create_task(self._store())
        self._task.add_done_callback(self._end_storing)

    def _end_storing(self, _: asyncio.Task[None]) -> None:
        self._task = None
        if self._unstored:
            self._start_timer()

    async def _store(self) -> None:
        for _ in range(len(self._unstored)):
            page = self._unstored[0]
            try:
                await self._store_page(page)
            finally:
                # A page that cannot be stored is not tried again. `close` has forgotten all of them.
                if self._unstored:
                    self._unstored.popleft()

    async def _store_page(self, page: _ListedPage) -> None:
        # All links of a page have the same times and tags.
        head = page.record.encode_head()
        for number, link in enumerate(page.links, 1):
            data = _encode_link(link)
            if data is not None:
                await self.records.put(self._key(link.handle), join_record(head, data), page.record)
            if number % _LINKS_PER_TURN == 0:
                await asyncio.sleep(0)

    def _key(self, handle: str) -> str:
        words = f"{self.origin} {handle}".encode("utf-8", "surrogatepass")
        return f"link:{self.records.account}:{blake2b(words, digest_size=_DIGEST_BYTES).hexdigest()}"

    def _result(self, found: CachedLink | None) -> CacheResult:
        if found is None:
            return CacheResult.MISS
        return CacheResult.FRESH if self.clock.now() < found.fresh_until else CacheResult.STALE


def _encode_link(link: Link) -> bytes | None:
    """The link as JSON; None for a link that JSON cannot hold."""
    try:
        return orjson.dumps(link, default=_encode_value, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        return None


def _encode_value(value: Any) -> Any:
    if isinstance(value, frozenset):
        return list(value)
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError


def _decode_link(data: object, _: datetime) -> Link | None:
    try:
        return _LINK.validate_python(data)
    except ValidationError:
        return None


_PARSER: Final = Parser("link", _decode_link)
