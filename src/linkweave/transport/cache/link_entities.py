"""Single links that came with pages of lists, remembered under their own names: a list page fills them."""

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
from linkweave.observability import NOBODY, CacheResult, Observer
from linkweave.storage.interfaces import VersionTags
from linkweave.transport.cache.parsed_content import ParsedContent, Parser
from linkweave.transport.cache.record import Record
from linkweave.transport.cache.record_store import RecordStore
from linkweave.transport.lifetimes import Resource

_LINK: Final = TypeAdapter(Link)
_DIGEST_BYTES: Final = 20
_REMEMBERED_PAGES: Final = 256
# After so many links others get their turn.
_AT_A_TIME: Final = 50


@dataclass(frozen=True, slots=True)
class Begun:
    """When a page was asked for, and the marks under which it was; None where they cannot be told."""

    at: datetime
    marks: VersionTags | None


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link that a list told, until when it is fresh."""

    link: Link
    fresh_until: datetime


@dataclass(slots=True)
class LinkEntities:
    """The links of one account that lists told. A list tells all that there is to tell of a link."""

    keeper: RecordStore
    clock: Clock
    origin: str
    observer: Observer = NOBODY
    _pages: LruDict[tuple[datetime, str], None] = field(default_factory=lambda: LruDict(max_entries=_REMEMBERED_PAGES))
    _filling: set[asyncio.Task[None]] = field(default_factory=set)

    async def begin(self) -> Begun:
        """Call this before a page is asked for."""
        return Begun(self.clock.now(), await self.keeper.marks(Resource.LINK))

    def fill(self, begun: Begun, page: Page[Link]) -> None:
        """Take in the links of a page that was asked for since; behind, and once however many were told the page."""
        if begun.marks is None or page.fetched_at < begun.at or not page.items:
            return
        name = page.fetched_at, page.items[0].handle
        if name in self._pages:
            return
        self._pages.put(name, None)
        task = asyncio.create_task(self._fill(begun.marks, page))
        self._filling.add(task)
        task.add_done_callback(self._filling.discard)

    async def look(self, handles: Sequence[str]) -> dict[str, KnownLink]:
        """Those of `handles` that are remembered, fresh or stale."""
        marks = await self.keeper.marks(Resource.LINK)
        if marks is None:
            return {}
        records = await self.keeper.look_many([self._key(handle) for handle in handles], marks)
        known: dict[str, KnownLink] = {}
        for handle, record in zip(handles, records, strict=True):
            link = None if record is None else record.content.read(_READING, record.at)
            if record is not None and link is not None:
                known[handle] = KnownLink(link, record.fresh_until)
            self.observer.looked_up("entities", self.keeper.account, self._result(known.get(handle)))
        return known

    async def close(self) -> None:
        """Stop filling."""
        filling = list(self._filling)
        for task in filling:
            task.cancel()
        await asyncio.gather(*filling, return_exceptions=True)

    async def _fill(self, marks: VersionTags, page: Page[Link]) -> None:
        until = self.keeper.until(Resource.LINK, page.fetched_at)
        for place, link in enumerate(page.items):
            data = _json_of(link)
            if data is not None:
                record = Record(page.fetched_at, *until, marks, ParsedContent(data))
                await self.keeper.put(self._key(link.handle), record.encode(), record)
            if place % _AT_A_TIME == _AT_A_TIME - 1:
                await asyncio.sleep(0)

    def _key(self, handle: str) -> str:
        words = f"{self.origin} {handle}".encode("utf-8", "surrogatepass")
        return f"link:{self.keeper.account}:{blake2b(words, digest_size=_DIGEST_BYTES).hexdigest()}"

    def _result(self, known: KnownLink | None) -> CacheResult:
        if known is None:
            return CacheResult.MISS
        return CacheResult.FRESH if self.clock.now() < known.fresh_until else CacheResult.STALE


def _json_of(link: Link) -> orjson.Fragment | None:
    """The link as JSON; None where it holds what cannot be written."""
    try:
        return orjson.Fragment(orjson.dumps(link, default=_plain, option=orjson.OPT_NON_STR_KEYS))
    except orjson.JSONEncodeError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return list(value)
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError


def _link_of(data: object, _: datetime) -> Link | None:
    try:
        return _LINK.validate_python(data)
    except ValidationError:
        return None


_READING: Final = Parser("link", _link_of)
