"""One request asks each thing once, together where it can, and nobody's trouble becomes another's."""

import asyncio
from datetime import date
from typing import ClassVar

import pytest

from harness.emulators import NOW
from harness.fake_accounts import (
    FakeAdapter,
    FakeVendor,
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
TITLE = frozenset({"title"})
COUNTRY = StatsPart.of(Dimension.COUNTRY)


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


def reading(*handles: str) -> FakeVendor:
    return FakeVendor(links={handle: link(handle) for handle in handles})


async def test_links_wanted_at_the_same_moment_are_one_question() -> None:
    vendor = reading("a", "b", "c")
    loaders = fresh(fake_account(Reads, vendor))

    found = await asyncio.gather(*(loaders.link(handle, TITLE) for handle in "abcab"))

    assert [each.handle for each in found if each is not None] == list("abcab")
    assert vendor.questions == ["get a,b,c for title"]


async def test_a_question_names_every_field_that_somebody_reads() -> None:
    vendor = reading("a")
    loaders = fresh(fake_account(Reads, vendor))

    one, other = await asyncio.gather(loaders.link("a", TITLE), loaders.link("a", frozenset({"note", "tags"})))

    assert one is other
    assert vendor.questions == ["get a for note,tags,title"]


async def test_a_link_that_is_known_is_not_asked_for_again() -> None:
    vendor = reading("a")
    loaders = fresh(fake_account(Reads, vendor))
    await loaders.link("a", TITLE)

    again = await loaders.link("a", frozenset({"tags"}))

    assert again is not None
    assert len(vendor.questions) == 1


async def test_a_link_that_came_with_a_list_is_known() -> None:
    vendor = FakeVendor({"all": [link("a", title="as listed")]})
    loaders = fresh(fake_account(ListsDated, vendor))
    await loaders.page(Lane("all"), None)

    found = await loaders.link("a", TITLE)

    assert found is not None
    assert found.title == "as listed"
    assert vendor.questions == ["list all None"]


async def test_what_is_known_of_a_link_first_stays() -> None:
    loaders = fresh(fake_account(Reads, reading()))
    loaders.prime(link("a", title="first"))
    loaders.prime(link("a", title="second"))

    found = await loaders.link("a", TITLE)

    assert found is not None
    assert found.title == "first"


async def test_an_unknown_link_is_none() -> None:
    assert await fresh(fake_account(Reads, reading())).link("a", TITLE) is None


async def test_a_link_that_fails_fails_alone() -> None:
    vendor = reading("a")
    vendor.links["b"] = down()
    loaders = fresh(fake_account(Reads, vendor))

    good, bad = await asyncio.gather(loaders.link("a", TITLE), loaders.link("b", TITLE), return_exceptions=True)

    assert not isinstance(good, BaseException)
    assert isinstance(bad, UnavailableError)


async def test_a_question_that_fails_fails_all_who_asked_it() -> None:
    vendor = reading("a", "b")
    vendor.fails = lambda _number, _words: down()
    loaders = fresh(fake_account(Reads, vendor))

    answers = await asyncio.gather(*(loaders.link(handle, TITLE) for handle in "ab"), return_exceptions=True)

    assert [type(answer) for answer in answers] == [UnavailableError, UnavailableError]
    assert len(vendor.questions) == 1


async def test_an_account_that_cannot_get_links_says_so() -> None:
    with pytest.raises(UnsupportedError, match=r"Fake does not offer this \(get link\)") as raised:
        await fresh(fake_account(ListsDated, FakeVendor())).link("a", TITLE)
    assert (raised.value.account, raised.value.operation) == ("one", "get link")


async def test_parts_of_statistics_wanted_at_the_same_moment_are_one_reading_per_link() -> None:
    vendor = FakeVendor(reports={"a": report(clicks=1), "b": report(clicks=2)})
    loaders = fresh(fake_account(Reads, vendor))

    reports = await asyncio.gather(
        loaders.stats("a", DAYS, TOTALS),
        loaders.stats("b", DAYS, TOTALS),
        loaders.stats("a", DAYS, COUNTRY),
        loaders.stats("a", DAYS, TOTALS),
    )

    assert [each.clicks for each in reports] == [1, 2, 1, 1]
    assert vendor.questions == [
        "stats a 2026-11-01..2026-11-20 COUNTRY,TOTALS",
        "stats b 2026-11-01..2026-11-20 TOTALS",
    ]


async def test_different_days_are_different_readings() -> None:
    vendor = FakeVendor(reports={"a": report()})
    loaders = fresh(fake_account(Reads, vendor))
    today = Period(DAYS.end, DAYS.end)

    await asyncio.gather(loaders.stats("a", DAYS, TOTALS), loaders.stats("a", today, TOTALS))

    assert len(vendor.questions) == 2


async def test_a_reading_is_given_the_link_where_it_is_known() -> None:
    vendor = FakeVendor(reports={"a": report()})
    loaders = fresh(fake_account(Reads, vendor))
    loaders.prime(link("a"))

    await loaders.stats("a", DAYS, TOTALS)

    assert vendor.questions == ["stats a 2026-11-01..2026-11-20 TOTALS known"]


async def test_a_part_that_failed_fails_alone() -> None:
    vendor = FakeVendor(reports={"a": report(clicks=1, failures={SERIES: down()})})
    loaders = fresh(fake_account(Reads, vendor))

    good, bad = await asyncio.gather(
        loaders.stats("a", DAYS, TOTALS), loaders.stats("a", DAYS, SERIES), return_exceptions=True
    )

    assert not isinstance(good, BaseException)
    assert isinstance(bad, UnavailableError)


async def test_a_link_whose_statistics_fail_fails_alone() -> None:
    gone = NotFoundError("one: no such link", account="one", operation="read statistics")
    vendor = FakeVendor(reports={"a": report(clicks=1), "b": gone})
    loaders = fresh(fake_account(Reads, vendor))

    good, bad = await asyncio.gather(
        loaders.stats("a", DAYS, TOTALS), loaders.stats("b", DAYS, TOTALS), return_exceptions=True
    )

    assert not isinstance(good, BaseException)
    assert bad is gone


async def test_an_account_without_statistics_says_so() -> None:
    with pytest.raises(UnsupportedError, match=r"\(link stats\)"):
        await fresh(fake_account(ListsDated, FakeVendor())).stats("a", DAYS, TOTALS)


async def ask_everything(loaders: AccountLoaders) -> None:
    await asyncio.gather(
        loaders.tags(),
        loaders.domains(),
        loaders.teams(),
        loaders.campaigns(None),
        loaders.campaigns("1"),
        loaders.trackers(),
        loaders.team_trackers("1"),
        loaders.link_trackers("a"),
        loaders.tracking_presets(),
        loaders.usage(),
        loaders.external_id_usage(DAYS),
        loaders.webhooks(0, 10),
        loaders.webhooks(10, 10),
    )


async def test_facts_are_asked_once_in_a_request_however_often_and_whenever_they_are_read() -> None:
    vendor = FakeVendor()
    loaders = fresh(fake_account(TellsFacts, vendor))

    await asyncio.gather(ask_everything(loaders), ask_everything(loaders))
    await ask_everything(loaders)

    assert sorted(vendor.questions) == [
        "campaigns 1",
        "campaigns None",
        "domains",
        "external ids 2026-11-01..2026-11-20",
        "link trackers a",
        "tags",
        "team trackers 1",
        "teams",
        "trackers",
        "tracking presets",
        "usage",
        "webhooks 0 10",
        "webhooks 10 10",
    ]


async def test_a_fact_that_failed_is_not_asked_for_again_either() -> None:
    vendor = FakeVendor(fails=lambda _number, _words: down())
    loaders = fresh(fake_account(TellsFacts, vendor))

    for _ in range(2):
        with pytest.raises(UnavailableError):
            await loaders.tags()

    assert vendor.questions == ["tags"]
    assert loaders.fetched_at("tags") is None


async def test_it_is_known_when_a_fact_was_told() -> None:
    loaders = fresh(fake_account(TellsFacts, FakeVendor()))
    assert loaders.fetched_at("domains") is None

    await loaders.domains()

    assert loaders.fetched_at("domains") == NOW


async def test_after_a_write_everything_is_asked_anew() -> None:
    vendor = FakeVendor(links={"a": link("a")})
    loaders = fresh(fake_account(Reads, vendor))
    await loaders.link("a", TITLE)

    loaders.invalidate()
    await loaders.link("a", TITLE)

    assert vendor.questions == ["get a for title", "get a for title"]


async def test_every_fact_that_a_provider_cannot_tell_is_unsupported_by_name() -> None:
    loaders = fresh(fake_account(FakeAdapter, FakeVendor()))
    asked = [
        loaders.page(Lane("all"), None),
        loaders.tags(),
        loaders.domains(),
        loaders.teams(),
        loaders.campaigns(None),
        loaders.trackers(),
        loaders.team_trackers("1"),
        loaders.link_trackers("a"),
        loaders.tracking_presets(),
        loaders.usage(),
        loaders.external_id_usage(DAYS),
        loaders.webhooks(0, 10),
    ]

    answers = await asyncio.gather(*asked, return_exceptions=True)

    operations = [answer.operation for answer in answers if isinstance(answer, UnsupportedError)]
    assert operations == [
        "list links",
        "list tags",
        "list domains",
        "list teams",
        "list campaigns",
        "list trackers",
        "list trackers",
        "list trackers",
        "list tracking presets",
        "account usage",
        "external id usage",
        "list webhooks",
    ]


class AnswersLate(TellsFacts):
    """Tells its domains when it is let."""

    def let(self) -> None:
        self.gate.set()

    @property
    def gate(self) -> asyncio.Event:
        event: asyncio.Event = self.vendor.__dict__.setdefault("gate", asyncio.Event())
        return event

    async def list_domains(self) -> tuple[()]:
        self.vendor.answer("domains")
        await self.gate.wait()
        return ()


async def test_a_slow_fact_does_not_keep_others_waiting_that_were_asked_for_beside_it() -> None:
    account = fake_account(AnswersLate, FakeVendor(tags=("sale",)))
    loaders = fresh(account)

    slow = asyncio.ensure_future(loaders.domains())
    tags = await loaders.tags()

    assert tags == ("sale",)
    assert not slow.done()
    assert isinstance(account.adapter, AnswersLate)
    account.adapter.let()
    assert await slow == ()


async def test_nobodys_cancellation_takes_a_fact_from_the_others() -> None:
    account = fake_account(AnswersLate, FakeVendor())
    loaders = fresh(account)
    one, other = (asyncio.ensure_future(loaders.domains()) for _ in range(2))
    await asyncio.sleep(0)

    one.cancel()
    assert isinstance(account.adapter, AnswersLate)
    account.adapter.let()

    assert await other == ()
    assert one.cancelled()
    assert await loaders.domains() == ()


async def test_nobodys_cancellation_takes_a_link_or_its_statistics_from_the_others() -> None:
    vendor = reading("a")
    vendor.reports["a"] = report(clicks=5)
    loaders = fresh(fake_account(Reads, vendor))
    links = [asyncio.ensure_future(loaders.link("a", TITLE)) for _ in range(2)]
    stats = [asyncio.ensure_future(loaders.stats("a", DAYS, TOTALS)) for _ in range(2)]
    await asyncio.sleep(0)

    links[0].cancel()
    stats[0].cancel()

    assert await links[1] is not None
    assert (await stats[1]).clicks == 5
    assert len(vendor.questions) == 2


async def test_a_fault_of_ours_is_not_taken_for_a_vendors() -> None:
    loaders = fresh(fake_account(TellsFacts, FakeVendor(fails=lambda _number, _words: ZeroDivisionError())))

    with pytest.raises(ZeroDivisionError):
        await loaders.tags()
