"""Accounts whose vendors are lists in this process: real accounts over adapters that answer from memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx2
from pydantic import InstanceOf
from strawberry.dataloader import DataLoader

from harness.emulators import NOW, ManualClock
from linkweave.accounts import Account, open_account
from linkweave.errors import UnavailableError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import Dimension, Domain, LeftOut, Link, LinkFilter, Measure, Page, Period, StatsPart, StatsReport
from linkweave.providers.base import Adapter
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanReadManyStats,
    CanReadStats,
    FilterField,
    Lane,
    LinkOrder,
    ListPlan,
)
from linkweave.providers.record import Provider
from linkweave.settings import AccountSettings
from linkweave.transport.call import Call, Send
from linkweave.transport.http.auth import StaticCredentials


class NoCredentials(StaticCredentials):
    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        return call


@dataclass
class FakeVendor:
    """The data of a vendor, its behaviour, and the calls that it received.

    `fails` is asked before each question, with its number from 1 and its words, for the error to raise instead.
    """

    lanes: dict[str, list[Link]] = field(default_factory=dict)
    page_size: int = 50
    handled: frozenset[FilterField] = frozenset()
    notice: str | None = None
    links: dict[str, Link | VendorError] = field(default_factory=dict)
    reports: dict[str, StatsReport | Exception] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    domains: tuple[Domain, ...] = ()
    fails: Callable[[int, str], Exception | None] = lambda _number, _words: None
    questions: list[str] = field(default_factory=list)

    def answer(self, words: str) -> None:
        self.questions.append(words)
        failure = self.fails(len(self.questions), words)
        if failure is not None:
            raise failure

    def asked(self, words: str) -> list[str]:
        """The questions that begin with `words`."""
        return [question for question in self.questions if question.startswith(words)]


class FakeSettings(AccountSettings):
    """The settings of a fake account, with its vendor."""

    vendor: InstanceOf[FakeVendor]


class FakeAdapter(Adapter):
    """Offers no capability. Subclasses offer more."""

    @property
    def vendor(self) -> FakeVendor:
        assert isinstance(self.settings, FakeSettings)
        return self.settings.vendor


class ListsDated(FakeAdapter, CanListLinks):
    """Pages by offset. Where the vendor filters by tags (`handled`), it knows but the tag "match"."""

    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        self.vendor.answer("plan")
        query = {"tag": "match"} if wanted.tags_all and FilterField.TAGS in self.vendor.handled else {}
        lanes = tuple(Lane(name, query) for name in self.vendor.lanes)
        return ListPlan(lanes, self.vendor.handled, self.vendor.notice)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        self.vendor.answer(f"list {lane.name} {page}")
        links = [link for link in self.vendor.lanes[lane.name] if "tag" not in lane.query or link.tags]
        start = int(page or 0)
        end = start + self.vendor.page_size
        return Page(tuple(links[start:end]), self.clock.now(), str(end) if end < len(links) else None)


class ListsUndated(ListsDated):
    link_order: ClassVar[LinkOrder] = LinkOrder.AS_LISTED


class Reads(FakeAdapter, CanGetLinks, CanReadStats):
    """Gets links and reads statistics."""

    time_zone: ClassVar[str | None] = "Asia/Taipei"
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset({Dimension.COUNTRY, Dimension.DEVICE})
    measures: ClassVar[frozenset[Measure]] = frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS})

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        self.vendor.answer(f"get {','.join(handles)} for {','.join(sorted(fields))}")
        return {handle: self.vendor.links[handle] for handle in handles if handle in self.vendor.links}

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        self.vendor.answer(f"find {domain}/{slug}")
        found = self.vendor.links.get(f"{domain}/{slug}")
        return found if isinstance(found, Link) else None

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        known = "" if link is None else " known"
        names = ",".join(sorted(part.name for part in parts))
        self.vendor.answer(f"stats {handle} {_days(period)} {names}{known}")
        report = self.vendor.reports[handle]
        if isinstance(report, Exception):
            raise report
        return report


class CountsClicksOnly(Reads):
    time_zone: ClassVar[str | None] = None
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = frozenset({Measure.CLICKS})
    bots_excluded: ClassVar[bool | None] = True


class ListsAndReads(ListsDated, Reads):
    """Both, for statistics over what a filter finds."""


class CountsTogether(ListsAndReads, CanReadManyStats):
    """Counts the totals and the days of two links with one call, and countries with one for the whole account alone."""

    call_costs: ClassVar[CallCosts] = CallCosts(stats_call=lambda part, _known: part.name)

    def links_per_call(self, part: StatsPart, *, whole_account: bool = False) -> int:
        if part.dimension is None:
            return 2
        return 1_000 if whole_account and part == StatsPart.of(Dimension.COUNTRY) else 1

    async def read_totals(
        self, links: Sequence[Link], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        handles = [link.handle for link in links]
        self.vendor.answer(f"totals {','.join(handles)} {_days(period)}")
        reports = {handle: self.vendor.reports[handle] for handle in handles}
        return {handle: each for handle, each in reports.items() if isinstance(each, StatsReport | VendorError)}

    async def read_sums(
        self, links: Sequence[Link], period: Period, parts: frozenset[StatsPart], *, whole_account: bool = False
    ) -> Sequence[StatsReport | VendorError]:
        names = ",".join(sorted(part.name for part in parts))
        words = f"sums {','.join(link.handle for link in links)} {_days(period)} {names}"
        self.vendor.answer(f"{words} whole" if whole_account else words)
        reports = [self.vendor.reports[link.handle] for link in links]
        return [each for each in reports if isinstance(each, StatsReport | VendorError)]


class LosesRows(ListsAndReads):
    """The first page of each list has a row that cannot be read."""

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        read = await super().list_links(lane, page)
        return read if page else replace(read, left_out=LeftOut(rows={"links.id": 1}))


class NamesDomains(FakeAdapter, CanListTags, CanListDomains):
    async def list_tags(self) -> tuple[str, ...]:
        self.vendor.answer("tags")
        return self.vendor.tags

    async def list_domains(self) -> tuple[Domain, ...]:
        self.vendor.answer("domains")
        return self.vendor.domains


class FindsLinks(NamesDomains, Reads):
    """Names its domains and gets links."""


def fake_account(adapter: type[FakeAdapter], vendor: FakeVendor, key: str = "one", **settings: Any) -> Account:
    """Opens an account of `vendor` without a network."""
    provider = Provider(
        id="fake",
        name="Fake",
        documentation_url="https://fake.example",
        base_url="http://fake.example",
        settings=FakeSettings,
        adapter=adapter,
        credentials=lambda _settings, _clock: NoCredentials(),
        emulator="never:made",
        sandbox_accounts=(),
    )
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(_refuse))
    checked = FakeSettings(key=key, provider="fake", vendor=vendor, **settings)
    return open_account(checked, provider, http, ManualClock())


def fresh(account: Account) -> AccountLoaders:
    """Returns the loaders of `account` for a new request."""
    return AccountLoaders(account, DataLoader)


def link(handle: str, minutes: int | None = 0, *, match: bool = False, **fields: Any) -> Link:
    """A link that was created `minutes` before now. With None it has no creation time."""
    made = Link(handle, f"https://fake.example/{handle}", handle, f"https://www.example.com/{handle}", NOW)
    created = None if minutes is None else NOW - timedelta(minutes=minutes)
    return replace(made, created_at=created, tags=("match",) if match else (), **fields)


def down(account: str = "one") -> UnavailableError:
    return UnavailableError(f"{account}: answered HTTP 503", account=account, operation="list links")


def _days(period: Period | None) -> str:
    return "life" if period is None else f"{period.start}..{period.end}"


def report(at: datetime = NOW, **told: Any) -> StatsReport:
    return StatsReport(frozenset({Measure.CLICKS}), at, **told)


def _refuse(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("a fake account has no network", request=request)
