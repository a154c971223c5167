"""The cache of single links by their handles. The pages of lists fill it."""

import asyncio
from collections.abc import Sequence
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
# Number of links after which other tasks get a turn of the event loop.
_LINKS_PER_TURN: Final = 50


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


@dataclass(slots=True)
class LinkEntities:
    """The links of one account that came with lists. A list has all facts of a link that there are."""

    records: RecordStore
    clock: Clock
    origin: str
    observer: Observer = NO_OBSERVER
    _pages: LruDict[tuple[datetime, str], None] = field(default_factory=lambda: LruDict(max_entries=_MAX_PAGES))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

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
        task = asyncio.create_task(self._store(start.tags, page))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def get_many(self, handles: Sequence[str]) -> dict[str, CachedLink]:
        """Returns the cached links among `handles`, fresh or stale."""
        tags = await self.records.current_tags(Resource.LINK)
        if tags is None:
            return {}
        records = await self.records.get_many([self._key(handle) for handle in handles], tags)
        found: dict[str, CachedLink] = {}
        for handle, record in zip(handles, records, strict=True):
            link = None if record is None else record.content.parse(_PARSER, record.at)
            if record is not None and link is not None:
                found[handle] = CachedLink(link, record.fresh_until)
            self.observer.cache_looked_up("entities", self.records.account, self._result(found.get(handle)))
        return found

    async def close(self) -> None:
        """Ends the tasks in the background."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _store(self, tags: VersionTags, page: Page[Link]) -> None:
        # All links of a page have the same times and tags.
        record = CacheRecord(page.fetched_at, *self.records.expiry(Resource.LINK, page.fetched_at), tags)
        head = record.encode_head()
        for number, link in enumerate(page.items, 1):
            data = _encode_link(link)
            if data is not None:
                await self.records.put(self._key(link.handle), join_record(head, data), record)
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
