"""PicSee: settings, limits, and what concerns the account as a whole, over the emulator."""

from datetime import UTC, date, datetime, timedelta

import pytest

from harness.emulators import NOW, bench
from harness.picsee_vendor import adapter_of
from linkweave.errors import ConfigurationError
from linkweave.models import Domain, DomainKind, ExternalIdUsage, Period, Plan, Preset, Quota
from linkweave.providers.picsee import PROVIDER
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.emulator import MAIN_TOKEN
from linkweave.transport.rate_limit.limiter import RateLimit

TODAY = date(2026, 11, 20)


def test_an_account_is_on_the_basic_plan_unless_it_says_otherwise() -> None:
    settings = PROVIDER.settings.model_validate({"key": "a", "provider": "picsee", "token": "t"})
    assert settings.plan == "basic"


@pytest.mark.parametrize(
    ("setting", "value"), [("plan", "gold"), ("token", ""), ("abuse_path", "https://elsewhere.example/abuse")]
)
def test_a_setting_that_cannot_be_used_stops_the_start(setting: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"\(picsee-main\)\.{setting}"):
        bench("picsee", **{setting: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("plan", "details"), [("free", 1), ("basic", 1), ("advanced", 10)])
def test_each_endpoint_has_its_own_limit(plan: str, details: int) -> None:
    settings = PROVIDER.settings.model_validate({"key": "a", "provider": "picsee", "token": "t", "plan": plan})
    once = ("status", "list", "usage", "domains", "tags", "trackingTools")
    assert PROVIDER.rate_limits(settings) == (
        *(RateLimit(bucket, 1, 1) for bucket in once),
        RateLimit("details", details, 1),
        RateLimit("audienceLabels", 10, 1),
    )


async def test_calls_to_one_endpoint_are_a_second_apart_and_do_not_delay_other_endpoints() -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    await adapter.list_tags()
    await adapter.list_domains()
    await adapter.usage()
    assert account.clock.elapsed == 0
    await adapter.list_tags()
    assert account.clock.elapsed == 1


async def test_the_token_travels_in_a_header_only() -> None:
    account = bench("picsee")
    await adapter_of(account).usage()
    (call,) = account.calls
    assert call.headers["authorization"] == f"Bearer {MAIN_TOKEN}"
    assert call.query == {}


async def test_usage_has_the_plan_and_its_requests() -> None:
    usage = await adapter_of(bench("picsee", sandbox_account=1)).usage()
    assert usage.plan == Plan("basic", datetime(2027, 3, 23, 15, 59, 59, tzinfo=UTC), active=True)
    assert usage.quotas == (Quota("apiCallsThisYear", 13, 10_000, None, "API requests per year"),)


async def test_domains_have_their_kind_and_one_is_the_default() -> None:
    assert await adapter_of(bench("picsee")).list_domains() == (
        Domain("go.example.com", DomainKind.BRANDED, is_default=True, https=True),
        Domain("user739.pse.is", DomainKind.SUBDOMAIN, is_default=False, https=True),
        Domain("pse.is", DomainKind.SHARED, is_default=False, https=True),
    )


async def test_presets_are_what_the_account_used_before() -> None:
    presets = await adapter_of(bench("picsee")).tracking_presets()
    assert presets.utm_sources == ("facebook", "instagram", "newsletter")
    assert presets.utm_mediums == ("cpc", "email", "social")
    assert presets.pixels == (Preset("1234567890", "Main"),)
    assert presets.tag_managers == (Preset("GTM-ABC123", "Site"),)


async def test_links_are_counted_per_external_id_and_without_one() -> None:
    account = bench("picsee")
    period = Period(TODAY - timedelta(days=PicseeAdapter.max_usage_days - 1), TODAY)
    usage = await adapter_of(account).external_id_usage(period)
    assert ExternalIdUsage("20261111_campaign", 10) in usage
    assert [row.links for row in usage if row.external_id is None] == [8]
    assert dict(account.calls[0].query) == {"startTime": "2026-10-21T00:00:00", "endTime": "2026-11-20T18:30:00"}


async def test_thirty_one_whole_days_of_the_past_are_allowed() -> None:
    usage = await adapter_of(bench("picsee")).external_id_usage(Period(date(2026, 10, 1), date(2026, 10, 31)))
    assert sum(row.links for row in usage) > 20


async def test_days_to_come_have_no_links_and_cost_no_call() -> None:
    account = bench("picsee")
    assert await adapter_of(account).external_id_usage(Period(TODAY + timedelta(days=1), date.max)) == ()
    assert account.calls == []


def test_today_is_the_day_in_taipei() -> None:
    account = bench("picsee")
    assert adapter_of(account).today() == NOW.date()
    account.clock.advance(6 * 3600)
    assert adapter_of(account).today() == NOW.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("plan", "problems"),
    [("advanced", ()), ("basic", ("plan is 'basic' in the configuration, but 'advanced' at PicSee",))],
)
async def test_a_check_compares_the_plan_with_the_configured_one(plan: str, problems: tuple[str, ...]) -> None:
    account = bench("picsee", plan=plan)
    assert await adapter_of(account).probe() == problems
    assert [call.path for call in account.calls] == ["/v2/my/api/status"]
