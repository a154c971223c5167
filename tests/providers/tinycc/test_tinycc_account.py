"""What else a tiny.cc account tells: tags, domains, webhooks, counters; and how it is set up."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from harness.emulators import bench
from harness.tinycc_vendor import DEFAULT, OTHER, canned, server
from linkweave.accounts import check_accounts
from linkweave.errors import ConfigurationError
from linkweave.models import Domain, Plan, Quota
from linkweave.providers.tinycc import PROVIDER
from linkweave.providers.tinycc.adapter import TinyccAdapter
from linkweave.providers.tinycc.emulator import SANDBOX_API_KEY, SANDBOX_USERNAME

HOOK = {
    "id": 7,
    "event": "click",
    "type": "domain",
    "url_hash": None,
    "url_domain": None,
    "tag": None,
    "domain": "Custom.com",
    "url": "http://example.com/webhook",
    "method": "post",
    "headers": [],
    "encoding": "json",
    "ignore_errors": False,
}


async def test_the_sandbox_account_signs_every_call_with_http_basic() -> None:
    bed = bench("tinycc")
    adapter = bed.account.adapter
    assert isinstance(adapter, TinyccAdapter)
    await adapter.usage()
    pair = b64encode(f"{SANDBOX_USERNAME}:{SANDBOX_API_KEY}".encode()).decode()
    assert bed.calls[0].headers["authorization"] == f"Basic {pair}"
    assert bed.account.windows == ()


async def test_domains_have_default_https_redirects_and_pages() -> None:
    assert await server().adapter.list_domains() == (
        Domain(
            DEFAULT,
            is_default=True,
            https=True,
            active=True,
            redirect_status=303,
            root_redirect="https://www.example.com/",
            slug_characters="restricted",
            slug_generation="incremental",
        ),
        Domain(
            OTHER,
            is_default=False,
            https=False,
            active=True,
            redirect_status=303,
            slug_characters="restricted",
            slug_generation="random",
        ),
    )


async def test_the_settings_name_another_default_domain() -> None:
    domains = await server(domain=OTHER).adapter.list_domains()
    assert [domain.is_default for domain in domains] == [False, True]


async def test_a_domain_in_another_state_is_not_active_and_a_repeated_one_is_listed_once() -> None:
    tiny = server()
    tiny.state.domains[1].status = "expired"
    tiny.state.domains.append(tiny.state.domains[1])
    domains = await tiny.adapter.list_domains()
    assert [domain.active for domain in domains] == [True, False]


async def test_a_webhook_is_on_exactly_one_link_domain_or_tag() -> None:
    page = await server().adapter.list_webhooks(0, 20)
    on_tag, on_link = page.items
    assert (on_tag.id, on_tag.tag, on_tag.link_handle, on_tag.domain) == ("2", "print", None, None)
    assert (on_link.id, on_link.tag, on_link.link_handle, on_link.domain) == ("3", None, f"{OTHER}/card", None)
    (on_domain,) = (await canned({"webhooks": [HOOK]}).list_webhooks(0, 1)).items
    assert (on_domain.id, on_domain.tag, on_domain.link_handle, on_domain.domain) == ("7", None, None, "custom.com")


async def test_headers_of_webhooks_are_split_at_the_first_colon() -> None:
    page = await canned({"webhooks": [{**HOOK, "headers": ["A:b:c", " X-Y :  z ", "lonely"]}]}).list_webhooks(0, 1)
    assert page.items[0].headers == (("A", "b:c"), ("X-Y", "z"), ("lonely", ""))


async def test_no_page_has_more_webhooks_than_requested() -> None:
    page = await canned({"webhooks": [HOOK] * 3, "page": {"total_count": 3}}).list_webhooks(0, 2)
    assert (len(page.items), page.next) == (2, "2")


async def test_usage_has_the_plan_and_every_counter() -> None:
    tiny = server()
    usage = await tiny.adapter.usage()
    assert usage.plan == Plan("Secure Plan (1 year)", datetime(2027, 8, 30, 20, 57, 3, tzinfo=UTC), active=True)
    assert usage.quotas[:2] == (
        Quota("links", 80, 50_000, None, "urls"),
        Quota("apiCallsToday", 1, 10_000, datetime(2026, 11, 21, tzinfo=UTC), "today_api_calls"),
    )


async def test_counters_of_unknown_names_keep_them() -> None:
    account = {"user_id": 4274, "counters": {"moon_urls": {"count": "3"}, "urls": {"count": 1, "limit": 2}}}
    usage = await canned({"account": account}).usage()
    assert usage.plan is None
    assert usage.quotas == (Quota("moon_urls", 3), Quota("links", 1, 2, None, "urls"))


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"username": None}, "username"),
        ({"username": "a:b"}, "username"),
        ({"api_key": ""}, "api_key"),
        ({"token": "x"}, "token"),
    ],
)
def test_settings_that_cannot_be_used_are_named(changed: dict[str, object], key: str) -> None:
    table = {"key": "t", "provider": "tinycc", "username": "u", "api_key": "sensitive", **changed}
    with pytest.raises(ConfigurationError) as caught:
        check_accounts([table], {PROVIDER.id: PROVIDER}, "demo")
    assert key in str(caught.value)
    assert "sensitive" not in str(caught.value)


def test_the_api_key_is_in_no_repr() -> None:
    table = {"key": "t", "provider": "tinycc", "username": "u", "api_key": "sensitive"}
    (settings,) = check_accounts([table], {PROVIDER.id: PROVIDER}, "demo")
    assert "sensitive" not in repr(settings)
