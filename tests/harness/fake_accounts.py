"""Accounts whose vendors are lists in this process: real accounts over adapters that answer from memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx2
from strawberry.dataloader import DataLoader

from harness.emulators import NOW, ManualClock
from linkweave.accounts import Account
from linkweave.clock import Clock
from linkweave.errors import UnavailableError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import (
    AccountUsage,
    Campaign,
    Dimension,
    Domain,
    ExternalIdUsage,
    Link,
    LinkFilter,
    Measure,
    Page,
    Period,
    StatsPart,
    StatsReport,
    Team,
    Tracker,
    TrackingPresets,
    Webhook,
)
from linkweave.providers.base import Adapter
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListCampaigns,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanListTeams,
    CanListTrackers,
    CanListTrackingPresets,
    CanListWebhooks,
    CanReadStats,
    CanReportExternalIdUsage,
    CanReportUsage,
    FilterField,
    Lane,
    LinkOrder,
    ListPlan,
)
from linkweave.providers.record import Provider
from linkweave.settings import AccountSettings
from linkweave.transport.call import Call, Send
from linkweave.transport.http.auth import StaticCredentials
from linkweave.transport.stack import build_stack
from linkweave.transport.vendor_client import VendorClient


class NoCredentials(StaticCredentials):
    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        return call


@dataclass
class FakeVendor:
    """What a vendor has, how it behaves, and what it was asked.

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


class FakeAdapter(Adapter):
    """Every fake can nothing; its subclasses can more."""

    def __init__(self, settings: AccountSettings, client: VendorClient, clock: Clock, vendor: FakeVendor) -> None:
        super().__init__(settings, client, clock)
        self.vendor = vendor


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
        self, handle: str, link: Link | None, period: Period, parts: frozenset[StatsPart]
    ) -> StatsReport:
        known = "" if link is None else " known"
        names = ",".join(sorted(part.name for part in parts))
        self.vendor.answer(f"stats {handle} {period.start}..{period.end} {names}{known}")
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


class NamesDomains(FakeAdapter, CanListTags, CanListDomains):
    async def list_tags(self) -> tuple[str, ...]:
        self.vendor.answer("tags")
        return self.vendor.tags

    async def list_domains(self) -> tuple[Domain, ...]:
        self.vendor.answer("domains")
        return self.vendor.domains


class FindsLinks(NamesDomains, Reads):
    """Names its domains and gets links."""


class TellsFacts(
    NamesDomains,
    CanListTeams,
    CanListCampaigns,
    CanListTrackers,
    CanListTrackingPresets,
    CanListWebhooks,
    CanReportUsage,
    CanReportExternalIdUsage,
):
    """Everything that is told of an account itself."""

    max_usage_days: ClassVar[int] = 31

    async def list_teams(self) -> tuple[Team, ...]:
        self.vendor.answer("teams")
        return (Team("1", "Sales"),)

    async def list_campaigns(self, team_id: str | None) -> tuple[Campaign, ...]:
        self.vendor.answer(f"campaigns {team_id}")
        return (Campaign("1", "Spring", team_id),)

    async def list_trackers(self) -> tuple[Tracker, ...]:
        self.vendor.answer("trackers")
        return ()

    async def list_team_trackers(self, team_id: str) -> tuple[Tracker, ...]:
        self.vendor.answer(f"team trackers {team_id}")
        return ()

    async def list_link_trackers(self, handle: str) -> tuple[Tracker, ...]:
        self.vendor.answer(f"link trackers {handle}")
        return ()

    async def tracking_presets(self) -> TrackingPresets:
        self.vendor.answer("tracking presets")
        return TrackingPresets(("spring",))

    async def list_webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        self.vendor.answer(f"webhooks {offset} {limit}")
        return Page((), self.clock.now())

    async def usage(self) -> AccountUsage:
        self.vendor.answer("usage")
        return AccountUsage()

    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        self.vendor.answer(f"external ids {period.start}..{period.end}")
        return ()


def fake_account(adapter: type[FakeAdapter], vendor: FakeVendor, key: str = "one", **settings: Any) -> Account:
    """An account of `vendor`, open, over no network at all."""
    clock = ManualClock()
    checked = AccountSettings(key=key, provider="fake", **settings)
    provider = Provider(
        id="fake",
        name="Fake",
        documentation_url="https://fake.example",
        base_url="http://fake.example",
        settings=AccountSettings,
        adapter=adapter,
        credentials=lambda _settings, _clock: NoCredentials(),
        emulator="never:made",
        sandbox_accounts=(),
    )
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(_refuse))
    stack = build_stack(
        http=http,
        account=key,
        base_url=provider.base_url,
        timeout_seconds=10,
        credentials=NoCredentials(),
        rates=(),
        classify=provider.classify,
        clock=clock,
    )
    return Account(checked, provider, adapter(checked, stack.client, clock, vendor), stack, http)


def fresh(account: Account) -> AccountLoaders:
    """What a new request asks `account` with."""
    return AccountLoaders(account, DataLoader)


def link(handle: str, minutes: int | None = 0, *, match: bool = False, **fields: Any) -> Link:
    """A link made so many minutes before now; None does not tell."""
    made = Link(handle, f"https://fake.example/{handle}", handle, f"https://www.example.com/{handle}", NOW)
    created = None if minutes is None else NOW - timedelta(minutes=minutes)
    return replace(made, created_at=created, tags=("match",) if match else (), **fields)


def down(account: str = "one") -> UnavailableError:
    return UnavailableError(f"{account}: answered HTTP 503", account=account, operation="list links")


def report(at: datetime = NOW, **told: Any) -> StatsReport:
    return StatsReport(frozenset({Measure.CLICKS}), at, **told)


def _refuse(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("a fake account has no network", request=request)
