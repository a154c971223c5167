"""Cutt.ly: settings, limits, and links by handle and by short URL, over the emulator."""

from datetime import UTC, date, datetime

import pytest

from harness.cuttly_vendor import FIELDS, SPRING_SALE, adapter_of, get
from harness.emulators import bench
from linkweave.errors import PlanRequiredError, UnauthenticatedError
from linkweave.models import Period
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN, EXPIRED_KEY, SINGLE_KEY
from linkweave.providers.cuttly.handles import handle_for, is_handle


async def test_one_call_has_the_link_and_its_last_thirty_days() -> None:
    account = bench("cuttly")
    link = await get(adapter_of(account), SPRING_SALE)
    assert (link.handle, link.domain, link.slug) == (SPRING_SALE, "cutt.ly", "spring-sale")
    assert link.short_url == "https://cutt.ly/spring-sale"
    assert link.destination == "https://www.example.com/spring-sale?ref=instagram"
    assert (link.title, link.tags) == ("Spring sale – Instagram", ())
    assert link.created_at == datetime(2026, 10, 15, tzinfo=UTC)
    unknown = ("note", "last_click_at", "external_id", "expiry", "device_targets", "variants", "utm")
    assert {name: getattr(link, name) for name in unknown} == dict.fromkeys(unknown)
    assert link.included is not None
    assert link.included.covered == Period(date(2026, 10, 22), date(2026, 11, 20))
    (call,) = account.calls
    assert (call.method, call.path) == ("GET", "/team/API/index.php")
    assert call.query == {
        "key": "sandbox-cuttly-key",
        "action": "stats",
        "url": "https://cutt.ly/spring-sale",
        "date_from": "2026-10-22",
        "date_to": "2026-11-20",
    }


async def test_text_that_is_no_handle_is_left_out_without_a_call() -> None:
    account = bench("cuttly")
    handles = ["", "cutt.ly", "cutt.ly/", "https://cutt.ly/spring-sale", "CUTT.LY/spring-sale", "cutt.ly/a\nb", "x@y/z"]
    assert await adapter_of(account).get_links(handles, FIELDS) == {}
    assert account.calls == []


async def test_a_subscription_without_dates_still_has_the_link() -> None:
    account = bench("cuttly", api_key=SINGLE_KEY)
    link = await get(adapter_of(account), SPRING_SALE)
    assert link.title == "Spring sale – Instagram"
    assert link.included is not None
    assert link.included.covered is None
    assert [sorted(call.query) for call in account.calls] == [
        ["action", "date_from", "date_to", "key", "url"],
        ["action", "key", "url"],
    ]


async def test_an_expired_subscription_is_not_called_a_second_time() -> None:
    account = bench("cuttly", api_key=EXPIRED_KEY)
    with pytest.raises(PlanRequiredError) as caught:
        await get(adapter_of(account), SPRING_SALE)
    assert caught.value.provider_code == "Subscription has expired"
    assert len(account.calls) == 1


@pytest.mark.parametrize("count", [6, 50])
async def test_when_the_first_six_calls_of_a_bulk_read_fail_the_others_are_not_made(count: int) -> None:
    account = bench("cuttly", api_key="wrong")
    handles = [f"cutt.ly/{number}" for number in range(count)]
    links = await adapter_of(account).get_links(handles, FIELDS)
    assert list(links) == handles
    assert {type(link) for link in links.values()} == {UnauthenticatedError}
    assert len(account.calls) == 6


async def test_links_that_do_not_exist_do_not_stop_a_bulk_read() -> None:
    account = bench("cuttly")
    handles = [f"cutt.ly/{number}" for number in range(6)] + [SPRING_SALE, f"{DEMO_DOMAIN}/spring", SPRING_SALE]
    assert list(await adapter_of(account).get_links(handles, FIELDS)) == [SPRING_SALE, f"{DEMO_DOMAIN}/spring"]
    assert len(account.calls) == 8


@pytest.mark.parametrize(
    ("domain", "slug", "handle", "calls"),
    [
        ("Go.Brand-Demo.example", "/spring/", "go.brand-demo.example/spring", 1),
        ("cutt.ly", "nobody-has-this", None, 1),
        ("cutt.ly", "Spring-Sale", None, 1),
        ("pse.is", "spring-sale", None, 0),
        ("cutt.ly", "", None, 0),
        ("cutt.ly", "a\tb", None, 0),
    ],
)
async def test_a_short_url_is_looked_up_where_its_domain_is_the_accounts(
    domain: str, slug: str, handle: str | None, calls: int
) -> None:
    account = bench("cuttly")
    link = await adapter_of(account).find_link(domain, slug, FIELDS)
    assert (None if link is None else link.handle) == handle
    assert len(account.calls) == calls


async def test_without_a_setting_only_cutt_ly_is_the_accounts_domain() -> None:
    account = bench("cuttly", domains=["cutt.ly"])
    assert PROVIDER.settings.model_fields["domains"].default == ("cutt.ly",)
    assert await adapter_of(account).find_link(DEMO_DOMAIN, "spring", FIELDS) is None
    assert account.calls == []


@pytest.mark.parametrize(
    ("domain", "slug", "handle"),
    [
        ("CUTT.LY", "AbC", "cutt.ly/AbC"),
        (" cutt.ly ", "/a/", "cutt.ly/a"),
        ("2s.ms", "a/HEADER", "2s.ms/a/HEADER"),
        ("cutt.ly", "łódź", "cutt.ly/łódź"),
        ("cutt.ly", "a?b", "cutt.ly/a?b"),
        ("cutt.ly", "a\x00b", None),
        ("", "a", None),
        ("user@cutt.ly", "a", None),
    ],
)
def test_a_handle_has_one_spelling(domain: str, slug: str, handle: str | None) -> None:
    assert handle_for(domain, slug) == handle
    assert handle is None or is_handle(handle)


@pytest.mark.parametrize(("plan", "limit"), [("team", 180), ("team-enterprise", 360)])
def test_the_plan_decides_how_many_calls_fit_into_a_minute(plan: str, limit: int) -> None:
    (window,) = bench("cuttly", plan=plan).account.windows
    assert (window.rate.bucket, window.rate.limit, window.rate.seconds) == ("api", limit, 60)


async def test_the_key_is_in_the_query_and_nowhere_else() -> None:
    account = bench("cuttly", api_key="not-the-key-it-knows")
    with pytest.raises(UnauthenticatedError) as caught:
        await adapter_of(account).find_link("cutt.ly", "spring-sale", FIELDS)
    assert account.calls[0].query["key"] == "not-the-key-it-knows"
    assert "not-the-key" not in str(account.calls[0].headers)
    assert "not-the-key" not in f"{caught.value!r} {caught.value.extensions} {account.account!r}"


async def test_a_check_is_one_call_about_a_link_that_does_not_exist() -> None:
    account = bench("cuttly", api_key=SINGLE_KEY)
    assert await adapter_of(account).probe() == ()
    (call,) = account.calls
    assert call.query["action"] == "stats"
    assert "date_from" not in call.query
    with pytest.raises(UnauthenticatedError):
        await adapter_of(bench("cuttly", api_key="wrong")).probe()
