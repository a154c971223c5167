"""Cutt.ly: links by handle and by short URL, over the emulator."""

from datetime import date

import pytest

from harness.cuttly_vendor import FIELDS, SPRING_SALE, adapter_of, get
from harness.emulators import bench
from linkweave.errors import PlanRequiredError, UnauthenticatedError
from linkweave.models import Capability, Period
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN, EXPIRED_KEY, SINGLE_KEY
from linkweave.providers.cuttly.handles import handle_for, is_handle

LAST_30_DAYS = Period(date(2026, 10, 22), date(2026, 11, 20))


def test_there_is_no_list_of_links() -> None:
    assert PROVIDER.capabilities == {
        Capability.GET_LINK,
        Capability.LINK_STATS,
        Capability.CREATE_LINK,
        Capability.UPDATE_LINK,
        Capability.DELETE_LINK,
    }


async def test_a_link_tells_what_the_vendor_tells_and_nothing_else() -> None:
    link = await get(adapter_of(bench("cuttly")), SPRING_SALE)
    assert (link.handle, link.domain, link.slug) == (SPRING_SALE, "cutt.ly", "spring-sale")
    assert link.short_url == "https://cutt.ly/spring-sale"
    assert link.destination == "https://www.example.com/spring-sale?ref=instagram"
    assert link.title == "Spring sale – Instagram"
    assert link.tags == ()
    untold = ("note", "created_at", "last_click_at", "external_id", "expiry", "device_targets", "variants", "utm")
    assert {name: getattr(link, name) for name in untold} == dict.fromkeys(untold)


@pytest.mark.parametrize("handle", ["cutt.ly/spring-sale", "cutt.ly/lookbook", "go.brand-demo.example/spring"])
async def test_the_links_that_the_demo_names_exist(handle: str) -> None:
    link = await get(adapter_of(bench("cuttly")), handle)
    assert link.title
    assert link.included is not None
    assert link.included.clicks
    assert link.short_url == f"https://{handle}"


async def test_one_call_tells_the_link_and_its_last_thirty_days() -> None:
    account = bench("cuttly")
    link = await get(adapter_of(account), SPRING_SALE)
    assert link.included is not None
    assert link.included.covered == LAST_30_DAYS
    (call,) = account.calls
    assert (call.method, call.path) == ("GET", "/team/API/index.php")
    assert call.query == {
        "key": "sandbox-cuttly-key",
        "action": "stats",
        "url": "https://cutt.ly/spring-sale",
        "date_from": "2026-10-22",
        "date_to": "2026-11-20",
    }


async def test_unknown_links_are_left_out_and_each_link_is_asked_for_once() -> None:
    account = bench("cuttly")
    handles = [SPRING_SALE, "cutt.ly/nobody-has-this", SPRING_SALE, f"{DEMO_DOMAIN}/spring"]
    links = await adapter_of(account).get_links(handles, FIELDS)
    assert list(links) == [SPRING_SALE, f"{DEMO_DOMAIN}/spring"]
    assert len(account.calls) == 3


async def test_nothing_is_asked_about_what_is_no_handle() -> None:
    account = bench("cuttly")
    handles = ["", "cutt.ly", "cutt.ly/", "https://cutt.ly/spring-sale", "CUTT.LY/spring-sale", "cutt.ly/a b", "x@y/z"]
    assert await adapter_of(account).get_links(handles, FIELDS) == {}
    assert account.calls == []


async def test_an_alias_keeps_its_case() -> None:
    account = bench("cuttly")
    assert await adapter_of(account).get_links(["cutt.ly/Spring-Sale"], FIELDS) == {}
    assert account.calls[0].query["url"] == "https://cutt.ly/Spring-Sale"


async def test_a_subscription_without_dates_still_tells_the_link() -> None:
    account = bench("cuttly", api_key=SINGLE_KEY)
    link = await get(adapter_of(account), SPRING_SALE)
    assert link.title == "Spring sale – Instagram"
    assert link.included is not None
    assert link.included.covered is None
    assert [sorted(call.query) for call in account.calls] == [
        ["action", "date_from", "date_to", "key", "url"],
        ["action", "key", "url"],
    ]


async def test_an_expired_subscription_is_not_asked_a_second_time() -> None:
    account = bench("cuttly", api_key=EXPIRED_KEY)
    with pytest.raises(PlanRequiredError) as caught:
        await get(adapter_of(account), SPRING_SALE)
    assert caught.value.provider_code == "Subscription has expired"
    assert len(account.calls) == 1


async def test_a_bulk_read_whose_first_six_calls_fail_asks_no_more() -> None:
    account = bench("cuttly", api_key="wrong")
    handles = [f"cutt.ly/{number}" for number in range(50)]
    links = await adapter_of(account).get_links(handles, FIELDS)
    assert list(links) == handles
    assert {type(link) for link in links.values()} == {UnauthenticatedError}
    assert len(account.calls) == 6


async def test_six_links_or_fewer_are_all_asked_for_whatever_fails() -> None:
    account = bench("cuttly", api_key="wrong")
    handles = [f"cutt.ly/{number}" for number in range(6)]
    assert list(await adapter_of(account).get_links(handles, FIELDS)) == handles
    assert len(account.calls) == 6


async def test_links_that_do_not_exist_are_no_reason_to_stop() -> None:
    account = bench("cuttly")
    unknown = [f"cutt.ly/{number}" for number in range(6)]
    links = await adapter_of(account).get_links([*unknown, SPRING_SALE], FIELDS)
    assert list(links) == [SPRING_SALE]
    assert len(account.calls) == 7


async def test_a_short_url_that_cannot_be_read_is_its_error() -> None:
    with pytest.raises(UnauthenticatedError):
        await adapter_of(bench("cuttly", api_key="wrong")).find_link("cutt.ly", "spring-sale", FIELDS)


async def test_a_short_url_of_the_account_is_found() -> None:
    account = bench("cuttly")
    link = await adapter_of(account).find_link("Go.Brand-Demo.example", "/spring/", FIELDS)
    assert link is not None
    assert link.handle == "go.brand-demo.example/spring"


async def test_an_unknown_short_url_is_not_found_by_one_call() -> None:
    account = bench("cuttly")
    assert await adapter_of(account).find_link("cutt.ly", "nobody-has-this", FIELDS) is None
    assert len(account.calls) == 1


@pytest.mark.parametrize(("domain", "slug"), [("pse.is", "spring-sale"), ("cutt.ly", ""), ("cutt.ly", "a b")])
async def test_short_urls_that_cannot_be_the_accounts_cost_no_call(domain: str, slug: str) -> None:
    account = bench("cuttly")
    assert await adapter_of(account).find_link(domain, slug, FIELDS) is None
    assert account.calls == []


async def test_without_the_setting_only_cutt_ly_is_the_accounts_domain() -> None:
    account = bench("cuttly", domains=["cutt.ly"])
    assert PROVIDER.settings.model_fields["domains"].default == ("cutt.ly",)
    assert await adapter_of(account).find_link(DEMO_DOMAIN, "spring", FIELDS) is None
    assert account.calls == []


@pytest.mark.parametrize(
    ("domain", "slug", "handle"),
    [
        ("CUTT.LY", "AbC", "cutt.ly/AbC"),
        (" cutt.ly ", "/a/", "cutt.ly/a"),
        ("2s.ms", "HEADER/a", "2s.ms/HEADER/a"),
        ("cutt.ly", "łódź", "cutt.ly/łódź"),
        ("cutt.ly", "a?b", None),
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


async def test_more_links_than_a_minute_allows_wait_instead_of_being_refused() -> None:
    account = bench("cuttly")
    await adapter_of(account).get_links([f"cutt.ly/{number}" for number in range(200)], FIELDS)
    assert len(account.calls) == 200
    assert account.clock.elapsed >= 60


async def test_the_key_is_in_the_url_and_nowhere_else() -> None:
    account = bench("cuttly", api_key="not-the-key-it-knows")
    with pytest.raises(UnauthenticatedError) as caught:
        await get(adapter_of(account), SPRING_SALE)
    assert account.calls[0].query["key"] == "not-the-key-it-knows"
    assert "not-the-key" not in str(account.calls[0].headers)
    shown = f"{caught.value!r} {caught.value.extensions} {account.account.settings!r} {account.account!r}"
    assert "not-the-key" not in shown


async def test_an_account_is_checked_by_one_question_about_a_link_that_does_not_exist() -> None:
    account = bench("cuttly", api_key=SINGLE_KEY)
    assert await adapter_of(account).probe() == ()
    (call,) = account.calls
    assert call.query["action"] == "stats"
    assert "date_from" not in call.query


async def test_a_wrong_key_is_found_out_by_the_check() -> None:
    with pytest.raises(UnauthenticatedError):
        await adapter_of(bench("cuttly", api_key="wrong")).probe()
