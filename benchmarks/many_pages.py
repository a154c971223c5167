"""Page by page through 10,000 links of five accounts: does a page far down cost more than the first ones?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from statistics import median
from typing import ClassVar, Final

import httpx2
from pydantic import SecretStr
from strawberry.dataloader import DataLoader

from benchmarks.collector import Collector, as_in_a_server
from benchmarks.measuring import RUNS, Run, Timing, as_request, time_in_turns
from linkweave.accounts import Account, open_account
from linkweave.clock import Clock, SystemClock
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.listing.link_pages import LinkPage, list_links
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery, ListPosition
from linkweave.models import Link, LinkFilter, Page
from linkweave.providers.base import Adapter
from linkweave.providers.read_capabilities import CanListLinks, Lane, LinkOrder, ListPlan
from linkweave.providers.record import Provider
from linkweave.settings import AccountSettings
from linkweave.transport.http.auth import HeaderKey

LINKS: Final = 10_000
PAGE: Final = 100
ENDS: Final = 5
ACCOUNTS: Final = (1, 5, 20, 100)
PAGES: Final = 20
_REPEAT: Final = 10
_DATED_ACCOUNTS: Final = 4
_VENDOR_PAGE: Final = 50
_NEWEST: Final = datetime(2026, 1, 1, tzinfo=UTC)


class ShelfSettings(AccountSettings):
    """`links` links, the first made `offset` seconds before the newest of all, each of the others `step` earlier."""

    links: int
    offset: int = 0
    step: int = 1


class DatedShelf(Adapter, CanListLinks):
    """A vendor that makes up its links as they are asked for, newest first."""

    settings: ShelfSettings
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:  # noqa: ARG002 - nothing is filtered here
        """One list."""
        return ListPlan((Lane("all"),))

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:  # noqa: ARG002 - there is one list
        """Fifty links; the token is the offset."""
        start = int(page or 0)
        end = min(start + _VENDOR_PAGE, self.settings.links)
        links = tuple(self._link(number) for number in range(start, end))
        return Page(links, _NEWEST, str(end) if end < self.settings.links else None)

    def _link(self, number: int) -> Link:
        slug = f"{self.account}-{number}"
        url = f"https://shelf.example/{slug}"
        return Link(slug, url, slug, f"https://www.example.com/{slug}", _NEWEST, created_at=self._made(number))

    def _made(self, number: int) -> datetime | None:
        return _NEWEST - timedelta(seconds=self.settings.offset + number * self.settings.step)


class UndatedShelf(DatedShelf):
    """One that does not tell when links were made."""

    link_order: ClassVar[LinkOrder] = LinkOrder.AS_LISTED

    def _made(self, number: int) -> datetime | None:  # noqa: ARG002 - as above
        return None


class ReadyShelf(DatedShelf):
    """One that makes each of its pages once."""

    @cache  # noqa: B019 - making the links again would be the vendor's time, not the gateway's
    def _page(self, page: str | None) -> Page[Link]:
        start = int(page or 0)
        end = min(start + _VENDOR_PAGE, self.settings.links)
        links = tuple(self._link(number) for number in range(start, end))
        return Page(links, _NEWEST, str(end) if end < self.settings.links else None)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:  # noqa: ARG002 - there is one list
        """Fifty links; the token is the offset."""
        return self._page(page)


async def compare_depths() -> dict[str, Timing]:
    """Seconds per page of the "first", "middle" and "last" ENDS pages, in turns.

    Raises:
        RuntimeError: the pages do not hold every link once.
    """
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(refuse)) as http:
        accounts = _accounts(http)
        cursors = await _walk(accounts)
        half = len(cursors) // 2
        depths = {"first": cursors[:ENDS], "middle": cursors[half : half + ENDS], "last": cursors[-ENDS:]}
        rivals: dict[str, Run] = {name: partial(_read_all, accounts, each) for name, each in depths.items()}
        timings = await time_in_turns(rivals, repeat=_REPEAT)
    return {name: Timing(tuple(each / ENDS for each in timing.seconds)) for name, timing in timings.items()}


@dataclass(frozen=True, slots=True)
class PageCost:
    """What a page costs over some number of accounts: milliseconds of the processor, and the collector's part."""

    milliseconds: float
    collector_words: str


async def compare_accounts() -> dict[int, PageCost]:
    """The cost of a page of LINKS links over so many accounts.

    The vendors' pages are made before, so that they cost nothing.
    """
    clock, provider = SystemClock(), shelf_provider("ready", ReadyShelf)
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(refuse)) as http:
        rivals = {count: _many_accounts(count, provider, http, clock) for count in ACCOUNTS}
        # Vendors' pages are read after the start of a server, so that its collector sees them.
        with as_in_a_server():
            cursors = {count: await _first_cursors(accounts) for count, accounts in rivals.items()}
            collectors = {count: Collector() for count in ACCOUNTS}
            runs: dict[int, list[float]] = {count: [] for count in ACCOUNTS}
            for turn in range(RUNS + 1):
                for count, accounts in rivals.items():
                    start = time.process_time()
                    with collectors[count].counting():
                        await _read_all(accounts, cursors[count])
                    took = (time.process_time() - start) / len(cursors[count]) * 1000
                    runs[count] += [took] if turn else []
    pages = (RUNS + 1) * PAGES
    return {count: PageCost(median(each), collectors[count].words(pages)) for count, each in runs.items()}


def _many_accounts(count: int, provider: Provider, http: httpx2.AsyncClient, clock: Clock) -> tuple[Account, ...]:
    shelves = (
        ShelfSettings(key=f"ready-{at}", provider="ready", links=LINKS // count, offset=at, step=count)
        for at in range(count)
    )
    return tuple(open_account(shelf, provider, http, clock) for shelf in shelves)


async def _first_cursors(accounts: Sequence[Account]) -> list[str | None]:
    """Where the first PAGES pages start."""
    cursors: list[str | None] = [None]
    while len(cursors) < PAGES:
        _, end = await _read(accounts, cursors[-1])
        cursors.append(end)
    return cursors


async def _walk(accounts: Sequence[Account]) -> list[str | None]:
    """The cursor that each page starts from."""
    cursors, handles, more = list[str | None]([None]), set[str](), True
    while more:
        page, end = await _read(accounts, cursors[-1])
        handles.update(edge.link.handle for edge in page.edges)
        more = page.has_next
        cursors.append(end)
    if len(handles) != LINKS or len(cursors) != LINKS // PAGE + 1:
        raise RuntimeError(f"{len(handles)} links on {len(cursors) - 1} pages")
    return cursors[:-1]


async def _read_all(accounts: Sequence[Account], cursors: Sequence[str | None]) -> None:
    for cursor in cursors:
        await as_request(_read(accounts, cursor))


async def _read(accounts: Sequence[Account], cursor: str | None) -> tuple[LinkPage, str]:
    """One page and the cursor at its end, as a new request that knows nothing but where it starts."""
    codec = CursorCodec(SecretStr("benchmark"))
    query = LinkQuery(tuple(AccountQuery(AccountLoaders(each, DataLoader), LinkFilter()) for each in accounts))
    page = await list_links(query, PAGE, ListPosition.open(codec, query.cursor_key, cursor))
    return page, page.end.seal(codec, query.cursor_key)


def _accounts(http: httpx2.AsyncClient) -> tuple[Account, ...]:
    """Half of the links in accounts that are merged by time, half in one that takes turns: all end together."""
    half = LINKS // 2
    dated = shelf_provider("dated", DatedShelf)
    shelves = [
        ShelfSettings(
            key=f"dated-{at}", provider="dated", links=half // _DATED_ACCOUNTS, offset=at, step=_DATED_ACCOUNTS
        )
        for at in range(_DATED_ACCOUNTS)
    ]
    undated = ShelfSettings(key="undated", provider="undated", links=half)
    clock = SystemClock()
    return (
        *(open_account(shelf, dated, http, clock) for shelf in shelves),
        open_account(undated, shelf_provider("undated", UndatedShelf), http, clock),
    )


def shelf_provider(name: str, adapter: type[Adapter]) -> Provider:
    """The provider of accounts that are shelves."""
    return Provider(
        id=name,
        name=name,
        documentation_url="https://shelf.example",
        base_url="https://shelf.example",
        settings=ShelfSettings,
        adapter=adapter,
        credentials=lambda _settings, _clock: HeaderKey("x-key", SecretStr("none")),
        emulator="never:made",
        sandbox_accounts=(),
    )


def refuse(request: httpx2.Request) -> httpx2.Response:
    """Answer no request.

    Raises:
        ConnectError: always.
    """
    raise httpx2.ConnectError("a shelf has no network", request=request)
