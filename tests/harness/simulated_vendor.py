"""A vendor whose links are made, changed, clicked and deleted, and the catalog that is kept in step with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import select

from harness.emulators import ManualClock
from harness.fake_accounts import FakeAdapter, FakeVendor, fake_account
from linkweave.catalog.catalog import Catalog
from linkweave.catalog.database import Database
from linkweave.catalog.history.totals import KnownClicks
from linkweave.catalog.sync.account_sync import AccountSync
from linkweave.catalog.sync.sync_rows import SyncRow, read_sync_rows
from linkweave.catalog.sync.syncer import open_account_sync
from linkweave.catalog.tables import CLICKS_DAILY, LINKS
from linkweave.errors import UnsupportedError, VendorError
from linkweave.events.events import Event
from linkweave.models import (
    SERIES,
    TOTALS,
    DayClicks,
    Dimension,
    Link,
    LinkFilter,
    Measure,
    Page,
    Period,
    StatsPart,
    StatsReport,
)
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.known_destinations import KnownDestinations, ListsWithoutDestinations
from linkweave.providers.paging import Offset
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListLinks,
    CanReadManyStats,
    CanReadStats,
    Lane,
    LinkOrder,
    ListPlan,
)
from linkweave.settings import CatalogSettings

CLICKS = frozenset({Measure.CLICKS})


@dataclass
class SimulatedVendor(FakeVendor):
    """The truth. `clicked` are the moments of each link's clicks, and `reset` is the number that a reset took away."""

    clock: ManualClock = field(default_factory=ManualClock)
    truth: dict[str, Link] = field(default_factory=dict)
    clicked: dict[str, list[datetime]] = field(default_factory=dict)
    tells_days: bool = True

    def create(self, handle: str, **fields: Any) -> None:
        """Makes a link, which is the first of its list."""
        url = f"https://fake.example/{handle}"
        made = Link(handle, url, handle, f"https://www.example.com/{handle}", self.clock.now())
        link = replace(made, created_at=self.clock.now(), **fields)
        self.truth, self.clicked[handle] = {handle: link, **self.truth}, []

    def click(self, handle: str, times: int = 1) -> None:
        """Clicks a link."""
        self.clicked[handle] += [self.clock.now()] * times

    def change(self, handle: str, **fields: Any) -> None:
        """Changes a link."""
        self.truth[handle] = replace(self.truth[handle], **fields)

    def delete(self, handle: str) -> None:
        """Deletes a link."""
        del self.truth[handle]

    def read(self, handle: str) -> Link:
        """The link with its total, as of now."""
        now = self.clock.now()
        included = StatsReport(CLICKS, now, clicks=len(self.clicked[handle]))
        return replace(self.truth[handle], fetched_at=now, included=included)

    def days(self, handle: str, period: Period) -> dict[date, int]:
        """The clicks of each day of a link."""
        days = Counter(moment.date() for moment in self.clicked[handle])
        return {day: count for day, count in sorted(days.items()) if period.start <= day <= period.end}


class SimulatedAdapter(FakeAdapter, CanListLinks, CanGetLinks, CanReadStats):
    """Pages by offset. Each page takes a moment."""

    time_zone: ClassVar[str | None] = "UTC"
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = CLICKS
    call_costs = CallCosts(get_batch=10)

    @property
    def simulated(self) -> SimulatedVendor:
        """The vendor."""
        assert isinstance(self.vendor, SimulatedVendor)
        return self.vendor

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:  # noqa: ARG002 - it filters nothing
        return ListPlan((Lane("links"),))

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        self.vendor.answer(f"list {lane.name} {page}")
        start, vendor = Offset.parse(page), self.simulated
        handles = list(vendor.truth)[start.number :][: vendor.page_size]
        following = start.next(len(handles), len(vendor.truth))
        links = tuple(vendor.read(handle) for handle in handles)
        return Page(links, vendor.clock.now(), following, back=start.back(vendor.page_size))

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - it always tells all
        self.vendor.answer(f"get {','.join(handles)}")
        return {handle: self.simulated.read(handle) for handle in handles if handle in self.simulated.truth}

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        raise NotImplementedError

    async def read_stats(
        self,
        handle: str,
        link: Link | None,  # noqa: ARG002 - it saves no call
        period: Period | None,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        self.vendor.answer(f"stats {handle}")
        vendor, now = self.simulated, self.simulated.clock.now()
        if handle not in vendor.truth:
            raise self.not_found("read statistics")
        if parts == {TOTALS} and period is None:
            return StatsReport(CLICKS, now, clicks=len(vendor.clicked[handle]))
        if period is None or not vendor.tells_days:
            failure: UnsupportedError = self.unsupported("read statistics", "counts whole lives only")
            return StatsReport(CLICKS, now, failures=dict.fromkeys(parts, failure))
        series = tuple(DayClicks(day, count) for day, count in vendor.days(handle, period).items())
        return StatsReport(CLICKS, now, period, series=series if SERIES in parts else None)


class CountsTogether(SimulatedAdapter, CanReadManyStats):
    """A vendor that counts the clicks of many links in one call."""

    def links_per_call(self, part: StatsPart, *, whole_account: bool = False) -> int:  # noqa: ARG002 - the same for all
        return 100

    async def read_totals(
        self, links: Sequence[Link], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        assert period is not None
        self.vendor.answer(f"totals {period.start} {period.end}")
        vendor, now = self.simulated, self.simulated.clock.now()
        return {
            link.handle: StatsReport(CLICKS, now, period, clicks=sum(vendor.days(link.handle, period).values()))
            for link in links
            if link.handle in vendor.truth
        }

    async def read_sums(
        self,
        links: Sequence[Link],
        period: Period,
        parts: frozenset[StatsPart],
        *,
        whole_account: bool = False,
    ) -> Sequence[StatsReport | VendorError]:
        raise NotImplementedError


class EndlessList(SimulatedAdapter):
    """A vendor whose list leads back to its first page."""

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        first = await super().list_links(lane, None)
        return replace(first, next=f"{page or ''}x")


class ListsNames(SimulatedAdapter, ListsWithoutDestinations):
    """A vendor whose list has no destinations: each is looked up, unless it is known."""

    async def list_links_knowing(self, lane: Lane, page: str | None, known: KnownDestinations) -> Page[Link]:
        listed = await self.list_links(lane, page)
        told = await known([link.handle for link in listed.items])
        for link in listed.items:
            if link.handle not in told:
                self.vendor.answer(f"get {link.handle}")
        links = (replace(link, destination=told.get(link.handle, link.destination)) for link in listed.items)
        return replace(listed, items=tuple(links))


class ListsOnly(FakeAdapter, CanListLinks):
    """A vendor that tells no link by its handle, and no statistics."""

    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST

    plan_links = SimulatedAdapter.plan_links
    list_links = SimulatedAdapter.list_links
    simulated = SimulatedAdapter.simulated


@dataclass
class SyncedVendor:
    """A vendor and its account's sync, whose time the test moves."""

    vendor: SimulatedVendor
    sync: AccountSync
    published: list[Event]

    @property
    def clock(self) -> ManualClock:
        """The time of both."""
        return self.vendor.clock

    @property
    def database(self) -> Database:
        """The database of the catalog."""
        return self.sync.syncing.catalog.database

    async def step(self) -> float:
        """Makes one step, which takes a moment. Returns the pause after it."""
        pause = await self.sync.step()
        self.clock.advance(0.01)
        return pause

    async def run(self, seconds: float) -> None:
        """Keeps the catalog in step for so long."""
        until = self.clock.elapsed + seconds
        while self.clock.elapsed < until:
            self.clock.advance(min(await self.step(), max(0.0, until - self.clock.elapsed)))

    async def row(self) -> SyncRow:
        """The row of the account."""
        async with self.database.read() as connection:
            return (await read_sync_rows(connection, ["one"]))["one"]

    async def links(self) -> dict[str, Any]:
        """The stored rows of all links that are not deleted, by handle."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(LINKS).where(LINKS.c.deleted_at.is_(None)))
            return {row["handle"]: row for row in rows.mappings()}

    async def days(self, handle: str) -> dict[tuple[date, date], int | None]:
        """The stored days of a link, by their first and last day."""
        async with self.database.read() as connection:
            query = select(CLICKS_DAILY).join(LINKS).where(LINKS.c.handle == handle)
            rows = await connection.execute(query.order_by(CLICKS_DAILY.c.last_day))
            return {(row.first_day, row.last_day): row.clicks for row in rows}

    async def known(self, handle: str) -> KnownClicks:
        """What is stored of a link's clicks."""
        row = (await self.links())[handle]
        return KnownClicks(**{name: row[name] for name in KnownClicks.__dataclass_fields__})


def synced(
    database: Database,
    adapter: type[FakeAdapter] = SimulatedAdapter,
    vendor: SimulatedVendor | None = None,
    owner: str = "me",
    **settings: Any,
) -> SyncedVendor:
    """Returns an account of `vendor` that is kept in step with the catalog in `database`."""
    vendor = vendor or SimulatedVendor(page_size=3)
    account = fake_account(adapter, vendor)
    options = {"newest_seconds": 1800, "full_walk_seconds": 3600, **settings}
    published: list[Event] = []
    catalog = Catalog.over(database, vendor.clock, CatalogSettings.model_validate(options), published.extend)
    account.adapter.clock = vendor.clock
    sync = open_account_sync(account, catalog, owner)
    # A step for each quarter of a minute would make the tests slow.
    sync.idle_seconds = DAY.total_seconds()
    return SyncedVendor(vendor, sync, published)


def at_day(moment: datetime) -> date:
    """The day of a moment."""
    return moment.astimezone(UTC).date()


DAY = timedelta(days=1)
