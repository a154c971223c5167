"""A request fetches each thing of an account once, together where possible. A failure or a slow answer stays alone."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

import pytest

from harness.emulators import NOW
from harness.fake_accounts import (
    FakeAdapter,
    FakeVendor,
    ListsAndReads,
    ListsDated,
    NamesDomains,
    Reads,
    down,
    fake_account,
    fresh,
    link,
    report,
)
from linkweave.errors import NotFoundError, UnavailableError, UnsupportedError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import (
    SERIES,
    TOTALS,
    AccountUsage,
    Campaign,
    Dimension,
    Domain,
    ExternalIdUsage,
    Page,
    Period,
    StatsPart,
    Team,
    Tracker,
    TrackingPresets,
    Webhook,
)
from linkweave.providers.read_capabilities import (
    CanListCampaigns,
    CanListTeams,
    CanListTrackers,
    CanListTrackingPresets,
    CanListWebhooks,
    CanReportExternalIdUsage,
    CanReportUsage,
    Lane,
)

DAYS = Period(date(2026, 11, 1), date(2026, 11, 20))
TODAY = Period(DAYS.end, DAYS.end)
TITLE = frozenset({"title"})
COUNTRY = StatsPart.of(Dimension.COUNTRY)


class OffersFacts(
    NamesDomains,
    CanListTeams,
    CanListCampaigns,
    CanListTrackers,
    CanListTrackingPresets,
    CanListWebhooks,
    CanReportUsage,
    CanReportExternalIdUsage,
):
    """Offers every fact of an account. Its domains come when `gate` is set."""

    max_usage_days: ClassVar[int] = 31

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.gate = asyncio.Event()
        self.gate.set()

    async def list_domains(self) -> tuple[Domain, ...]:
        self.vendor.answer("domains")
        await self.gate.wait()
        return ()

    async def list_teams(self) -> tuple[Team, ...]:
        self.vendor.answer("teams")
        return ()

    async def list_campaigns(self, team_id: str | None) -> tuple[Campaign, ...]:
        self.vendor.answer(f"campaigns {team_id}")
        return ()

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
        return TrackingPresets()

    async def list_webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        self.vendor.answer(f"webhooks {offset} {limit}")
        return Page((), self.clock.now())

    async def usage(self) -> AccountUsage:
        self.vendor.answer("usage")
        return AccountUsage()

    async def external_id_usage_between(self, start: datetime, end: datetime) -> tuple[ExternalIdUsage, ...]:
        self.vendor.answer(f"external ids {start:%H:%M}..{end:%H:%M}")
        return ()

    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        self.vendor.answer(f"external ids {period.start}..{period.end}")
        return ()


# What a fact is called at the fake vendor, how a request loads it, and the operation of its UnsupportedError.
FACTS: Mapping[str, tuple[Callable[[AccountLoaders], Awaitable[object]], str]] = {
    "tags": (AccountLoaders.tags, "list tags"),
    "domains": (AccountLoaders.domains, "list domains"),
    "teams": (AccountLoaders.teams, "list teams"),
    "campaigns None": (lambda loaders: loaders.campaigns(None), "list campaigns"),
    "campaigns 1": (lambda loaders: loaders.campaigns("1"), "list campaigns"),
    "trackers": (AccountLoaders.trackers, "list trackers"),
    "team trackers 1": (lambda loaders: loaders.team_trackers("1"), "list trackers"),
    "link trackers a": (lambda loaders: loaders.link_trackers("a"), "list trackers"),
    "tracking presets": (AccountLoaders.tracking_presets, "list tracking presets"),
    "usage": (AccountLoaders.usage, "account usage"),
    "external ids 2026-11-01..2026-11-20": (lambda loaders: loaders.external_id_usage(DAYS), "external id usage"),
    "external ids 08:00..09:00": (
        lambda loaders: loaders.external_id_usage_between(NOW.replace(hour=8, minute=0), NOW.replace(hour=9, minute=0)),
        "external id usage",
    ),
    "webhooks 0 10": (lambda loaders: loaders.webhooks(0, 10), "list webhooks"),
    "webhooks 10 10": (lambda loaders: loaders.webhooks(10, 10), "list webhooks"),
}


def reading(*handles: str) -> tuple[FakeVendor, AccountLoaders]:
    """A vendor with links, and what a request reads it with."""
    vendor = FakeVendor(links={handle: link(handle) for handle in handles})
    return vendor, fresh(fake_account(Reads, vendor))


def counting(**reports: Any) -> tuple[FakeVendor, AccountLoaders]:
    """A vendor with statistics, and what a request reads it with."""
    vendor = FakeVendor(reports=reports)
    return vendor, fresh(fake_account(Reads, vendor))


async def test_links_that_are_wanted_at_the_same_moment_are_fetched_by_one_call_with_all_their_fields() -> None:
    vendor, loaders = reading("a", "b")
    wanted = [("a", TITLE), ("b", TITLE), ("a", frozenset({"note"})), ("unknown", TITLE)]
    found = await asyncio.gather(*(loaders.link(handle, fields) for handle, fields in wanted))
    assert [each and each.handle for each in found] == ["a", "b", "a", None]
    assert vendor.questions == ["get a,b,unknown for note,title"]
    assert await loaders.link("a", frozenset({"tags"})) is found[0]
    assert len(vendor.questions) == 1


async def test_a_link_of_a_list_is_not_fetched_again() -> None:
    vendor = FakeVendor({"all": [link("a", title="as listed")]})
    loaders = fresh(fake_account(ListsAndReads, vendor))
    await loaders.page(Lane("all"), None)
    loaders.prime(link("a", title="later"))
    found = await loaders.link("a", TITLE)
    assert found is not None
    assert found.title == "as listed"
    assert vendor.questions == ["list all None"]


@pytest.mark.parametrize("seconds", [0.0, 1.0, 2.0])
async def test_a_link_is_unsupported_without_single_links_whether_a_list_with_it_comes_before_or_after(
    seconds: float,
) -> None:
    vendor = FakeVendor(lanes={"all": [link("a")]})
    loaders = fresh(fake_account(ListsDated, vendor))

    async def read_list() -> None:
        await asyncio.sleep(1)
        await loaders.page(Lane("all"), None)

    async def read_link() -> None:
        await asyncio.sleep(seconds)
        with pytest.raises(UnsupportedError):
            await loaders.link("a", TITLE)

    await asyncio.gather(read_list(), read_link())
    assert vendor.questions == ["list all None"]


async def test_a_link_that_fails_fails_alone() -> None:
    vendor, loaders = reading("a")
    vendor.links["b"] = down()
    good, bad = await asyncio.gather(loaders.link("a", TITLE), loaders.link("b", TITLE), return_exceptions=True)
    assert not isinstance(good, BaseException)
    assert isinstance(bad, UnavailableError)


async def test_a_call_that_fails_fails_every_link_of_it() -> None:
    vendor, loaders = reading("a", "b")
    vendor.fails = lambda _number, _question: down()
    found = await asyncio.gather(*(loaders.link(handle, TITLE) for handle in "ab"), return_exceptions=True)
    assert [type(each) for each in found] == [UnavailableError] * 2
    assert len(vendor.questions) == 1


async def test_parts_of_statistics_that_are_wanted_at_the_same_moment_are_one_report_per_link_and_period() -> None:
    vendor, loaders = counting(a=report(clicks=1), b=report(clicks=2))
    wanted = [("a", DAYS, TOTALS), ("b", DAYS, TOTALS), ("a", DAYS, COUNTRY), ("a", TODAY, TOTALS)]
    reports = await asyncio.gather(*(loaders.stats(*each) for each in wanted))
    assert [each.clicks for each in reports] == [1, 2, 1, 1]
    assert vendor.questions == [
        "stats a 2026-11-01..2026-11-20 COUNTRY,TOTALS",
        "stats b 2026-11-01..2026-11-20 TOTALS",
        "stats a 2026-11-20..2026-11-20 TOTALS",
    ]


async def test_an_adapter_gets_the_link_of_its_statistics_where_the_request_has_it() -> None:
    vendor, loaders = counting(a=report())
    loaders.prime(link("a"))
    await loaders.stats("a", DAYS, TOTALS)
    assert vendor.questions == ["stats a 2026-11-01..2026-11-20 TOTALS known"]


async def test_a_part_or_a_link_whose_statistics_fail_fails_alone() -> None:
    gone = NotFoundError("one: no such link", account="one", operation="read statistics")
    _, loaders = counting(a=report(clicks=1, failures={SERIES: down()}), b=gone)
    wanted = [("a", TOTALS), ("a", SERIES), ("b", TOTALS)]
    good, part, whole = await asyncio.gather(
        *(loaders.stats(handle, DAYS, each) for handle, each in wanted), return_exceptions=True
    )
    assert not isinstance(good, BaseException)
    assert isinstance(part, UnavailableError)
    assert whole is gone


@pytest.mark.parametrize("load", ["link", "stats"])
async def test_links_and_statistics_are_unsupported_where_the_provider_lacks_the_capability(load: str) -> None:
    loaders = fresh(fake_account(ListsDated, FakeVendor()))
    with pytest.raises(UnsupportedError, match=r"Fake does not offer this \((get link|link stats)\)") as raised:
        await (loaders.link("a", TITLE) if load == "link" else loaders.stats("a", DAYS, TOTALS))
    assert raised.value.account == "one"


async def test_each_fact_is_fetched_once_in_a_request() -> None:
    vendor = FakeVendor()
    loaders = fresh(fake_account(OffersFacts, vendor))
    for _ in range(2):
        await asyncio.gather(*(load(loaders) for load, _ in FACTS.values() for _ in range(2)))
    assert sorted(vendor.questions) == sorted(FACTS)


async def test_each_fact_is_unsupported_where_the_provider_lacks_the_capability() -> None:
    loaders = fresh(fake_account(FakeAdapter, FakeVendor()))
    facts = [*FACTS.values(), (lambda loaders: loaders.page(Lane("all"), None), "list links")]
    for load, operation in facts:
        with pytest.raises(UnsupportedError) as raised:
            await load(loaders)
        assert raised.value.operation == operation


async def test_a_fact_that_failed_is_not_fetched_again_and_has_no_time() -> None:
    vendor = FakeVendor(fails=lambda _number, _question: down())
    loaders = fresh(fake_account(OffersFacts, vendor))
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await loaders.tags()
    assert vendor.questions == ["tags"]
    assert loaders.fetched_at("tags") is None


async def test_a_fact_has_the_time_at_which_the_vendor_answered() -> None:
    loaders = fresh(fake_account(OffersFacts, FakeVendor()))
    assert loaders.fetched_at("domains") is None
    await loaders.domains()
    assert loaders.fetched_at("domains") == NOW


@pytest.mark.parametrize("by", ["write", "refresh"])
async def test_a_write_and_a_refresh_invalidate_what_the_request_has_read(by: str) -> None:
    vendor, loaders = reading("a")
    await loaders.link("a", TITLE)
    if by == "write":
        loaders.invalidate()
    else:
        await loaders.refresh()
    await loaders.link("a", TITLE)
    assert vendor.questions == ["get a for title"] * 2


async def test_a_slow_fact_does_not_delay_another() -> None:
    account = fake_account(OffersFacts, FakeVendor(tags=("sale",)))
    assert isinstance(account.adapter, OffersFacts)
    account.adapter.gate.clear()
    loaders = fresh(account)
    slow = asyncio.ensure_future(loaders.domains())
    assert await loaders.tags() == ("sale",)
    assert not slow.done()
    account.adapter.gate.set()
    assert await slow == ()


@pytest.mark.parametrize("load", ["domains", "link", "stats"])
async def test_a_cancelled_waiter_does_not_cancel_the_call_of_another_waiter(load: str) -> None:
    vendor = FakeVendor(links={"a": link("a")}, reports={"a": report(clicks=5)})
    account = fake_account(OffersFacts if load == "domains" else Reads, vendor)
    if isinstance(account.adapter, OffersFacts):
        account.adapter.gate.clear()
        asyncio.get_running_loop().call_later(1, account.adapter.gate.set)
    loaders = fresh(account)
    loads: dict[str, Callable[[], Awaitable[Any]]] = {
        "domains": loaders.domains,
        "link": lambda: loaders.link("a", TITLE),
        "stats": lambda: loaders.stats("a", DAYS, TOTALS),
    }
    first, second = (asyncio.ensure_future(loads[load]()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is not None
    assert first.cancelled()
    assert len(vendor.questions) == 1


async def test_an_error_of_the_gateways_own_is_raised_as_it_is() -> None:
    loaders = fresh(fake_account(OffersFacts, FakeVendor(fails=lambda _number, _question: ZeroDivisionError())))
    with pytest.raises(ZeroDivisionError):
        await loaders.tags()
