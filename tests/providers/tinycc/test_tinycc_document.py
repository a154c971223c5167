"""Each example of tinycc-v3.txt: the request that the adapter makes, and what it understands of the answer.

The document's own answers are given, with URLs where it prints "...". The adapter always names the domain of a
link, as the document recommends. The document's examples that the adapter never asks for are in
test_tinycc_emulator.py.
"""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from harness.tinycc_vendor import OK, Vendor, entry, saying, urls
from linkweave.errors import ConflictError
from linkweave.models import TOTALS, Expiry, LinkFilter, Plan
from linkweave.models.changes import LinkPatch, NewLink, NewWebhook, WebhookPatch, WrittenLink
from linkweave.providers.read_capabilities import Lane

QR = {"qr_small": "https://johndoe.com/s.png", "qr_big": "https://johndoe.com/b.png"}
DONE: dict[str, object] = {"error": OK}
DOMAIN = "johndoe.com"
MYTINY: dict[str, object] = {
    "hash": "mytiny",
    "long_url": "http://example.com",
    "short_url": "johndoe.com/mytiny",
    "short_url_with_protocol": "http://johndoe.com/mytiny",
    "total_clicks": 0,
    "unique_clicks": 0,
    "note": "lots of notes...",
    "email_stats": False,
    "expiration_date": "2016-01-02",
    "max_clicks": 0,
    "tags": ["group1"],
    "links": QR,
    "error": {"code": 0, "message": "", "details": ""},
}
TAKEN: dict[str, object] = {
    "long_url": "http://google.com",
    "custom_hash": "h",
    "error": {
        "code": 1215,
        "message": "Short URL is not correct or existed.",
        "details": "That Custom hash is already in use",
    },
}
HOOK_ON_TAG: dict[str, object] = {
    "id": "2",
    "event": "click",
    "type": "tag",
    "url_hash": None,
    "url_domain": None,
    "tag": "foo",
    "domain": None,
    "url": "http://example.com/webhook?id=foo",
    "method": "post",
    "headers": [],
    "encoding": "json",
    "ignore_errors": False,
}
HOOK_ON_URL: dict[str, object] = {
    "id": "3",
    "event": "click",
    "type": "url",
    "url_hash": "myhash",
    "url_domain": "custom.com",
    "tag": None,
    "domain": None,
    "url": "https://example.com/endpoint.php",
    "method": "get",
    "headers": ["Cache-control: no-cache", "Authorization: Basic QWxhZGRpbjpPcGVuU2VzYW1l"],
    "encoding": "form",
    "ignore_errors": False,
}


def only(vendor: Vendor) -> tuple[str, str, Any]:
    """The only request: method, path with query, and payload."""
    (line,) = vendor.lines
    return (*line, vendor.body() if vendor.requests[0].content else None)


async def test_getting_account_info() -> None:
    account = {
        "user_id": "4274",
        "username": "johndoe",
        "account_expiration_date": "2015-08-30 20:57:03",
        "subscription_plan": "Secure Plan (1 year)",
        "counters": {
            "urls": {"count": 13, "limit": 5000},
            "today_api_calls": {"count": 8, "limit": 500},
            "month_urls": {"count": 13, "limit": 500},
        },
    }
    vendor = saying({"error": OK, "account": account})
    usage = await vendor.adapter.usage()
    assert only(vendor) == ("GET", "/account", None)
    assert usage.plan == Plan("Secure Plan (1 year)", datetime(2015, 8, 30, 20, 57, 3, tzinfo=UTC), active=True)
    assert [(each.provider_name, each.name, each.used, each.limit) for each in usage.quotas] == [
        ("urls", "links", 13, 5000),
        ("today_api_calls", "apiCallsToday", 8, 500),
        ("month_urls", "linksThisMonth", 13, 500),
    ]


async def test_shortening_urls() -> None:
    vendor = saying({"error": OK, "urls": [MYTINY]})
    made = await vendor.adapter.create_link(
        NewLink(
            "http://example.com",
            slug="mytiny",
            note="lots of notes...",
            email_reports=False,
            expiry=Expiry(at=date(2016, 1, 2)),
            tags=("group1",),
        )
    )
    payload = {
        "urls": [
            {
                "custom_hash": "mytiny",
                "long_url": "http://example.com",
                "note": "lots of notes...",
                "email_stats": False,
                "expiration_date": "2016-01-02",
                "tags": ["group1"],
            }
        ]
    }
    assert only(vendor) == ("POST", "/urls", payload)
    assert (made.link.handle, made.link.short_url) == ("johndoe.com/mytiny", "http://johndoe.com/mytiny")
    assert made.link.expiry == Expiry(at=date(2016, 1, 2))
    assert made.link.qr_large == QR["qr_big"]


async def test_shortening_errors() -> None:
    vendor = saying({"error": OK, "urls": [MYTINY, TAKEN]})
    new = [NewLink("http://example.com", slug="mytiny"), NewLink("http://google.com", slug="h")]
    made, taken = await vendor.adapter.create_links(new)
    assert isinstance(made, WrittenLink)
    assert isinstance(taken, ConflictError)
    assert (taken.provider_code, taken.field) == ("1215", "slug")
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(("domain", "query"), [(None, "account"), (DOMAIN, "domain")])
async def test_avoiding_duplicates_of_long_urls(domain: str | None, query: str) -> None:
    newest = urls({**entry(), "short_url": "johndoe.com/h"})
    vendor = saying(newest, {"error": OK, "urls": [MYTINY]}, newest)
    new = NewLink("http://example.com", domain=domain, reuse=True)
    assert not (await vendor.adapter.create_link(new)).created
    place = "" if domain is None else f"domain={domain}&"
    assert vendor.lines == [
        ("GET", f"/urls?{place}offset=0&limit=1"),
        ("POST", f"/urls?{place}disable_long_url_duplicates={query}"),
        ("GET", f"/urls?{place}offset=0&limit=51"),
    ]


async def test_reading_urls() -> None:
    page = {
        "error": OK,
        "urls": [entry(), entry(hash="g", long_url="http://yahoo.com", short_url="m.tiny.cc/g")],
        "page": {"results_count": 13, "total_count": 13, "offset": 0},
    }
    vendor = saying(page)
    listed = await vendor.adapter.list_links(Lane("m.tiny.cc", {"domain": "m.tiny.cc"}), None)
    assert vendor.lines == [("GET", "/urls?domain=m.tiny.cc&offset=0&limit=100")]
    assert [link.short_url for link in listed.items] == ["https://m.tiny.cc/h", "https://m.tiny.cc/g"]


async def test_paginating_and_searching_urls() -> None:
    vendor = saying(urls())
    await vendor.adapter.list_links(Lane("m.tiny.cc", {"domain": "m.tiny.cc", "search": "john"}), "5")
    assert vendor.lines == [("GET", "/urls?domain=m.tiny.cc&search=john&offset=5&limit=1000")]


async def test_reading_a_group_of_urls() -> None:
    vendor = saying(urls(entry(hash="a")))
    await vendor.adapter.get_links([f"m.tiny.cc/{slug}" for slug in "abc"], frozenset())
    assert vendor.lines == [("GET", "/urls?domain=m.tiny.cc&hashes=a%2Cb%2Cc&limit=3")]


async def test_editing_a_single_url() -> None:
    vendor = saying({"error": OK, "urls": [{**MYTINY, "hash": "new_hash", "short_url": "johndoe.com/new_hash"}]})
    patch = LinkPatch(
        slug="new_hash",
        destination="http://example.com",
        note="new note",
        email_reports=False,
        expiry=Expiry(at=date(2016, 1, 2)),
        add_tags=("new_tag",),
        remove_tags=("old_tag",),
    )
    (step,) = vendor.adapter.plan_update(patch)
    assert await step.run(f"{DOMAIN}/current_hash") == f"{DOMAIN}/new_hash"
    payload = {
        "urls": [
            {
                "custom_hash": "new_hash",
                "long_url": "http://example.com",
                "note": "new note",
                "email_stats": False,
                "expiration_date": "2016-01-02",
                "tags": ["+new_tag", "-old_tag"],
            }
        ]
    }
    assert only(vendor) == ("PATCH", f"/urls/current_hash?domain={DOMAIN}", payload)


async def test_setting_the_same_properties_for_many_urls() -> None:
    vendor = saying({"error": OK, "urls": [entry(hash=slug) for slug in "abc"]})
    patch = LinkPatch(note="collective note")
    await vendor.adapter.update_links([(f"{DOMAIN}/{slug}", patch) for slug in "abc"])
    payload = {"urls": [{"note": "collective note"}]}
    assert only(vendor) == ("PATCH", f"/urls?domain={DOMAIN}&hashes=a%2Cb%2Cc", payload)


async def test_editing_many_urls_arbitrarily() -> None:
    vendor = saying({"error": OK, "urls": [entry(hash=slug) for slug in "abc"]})
    notes = {"a": "polite note", "b": "creative note", "c": "boring note"}
    await vendor.adapter.update_links([(f"{DOMAIN}/{slug}", LinkPatch(note=note)) for slug, note in notes.items()])
    payload = {"urls": [{"hash": slug, "note": note} for slug, note in notes.items()]}
    assert only(vendor) == ("PATCH", f"/urls?domain={DOMAIN}", payload)


async def test_deleting_urls() -> None:
    vendor = saying(DONE, urls())
    await vendor.adapter.delete_link(f"{DOMAIN}/hash")
    assert vendor.lines[0] == ("DELETE", f"/urls/hash?domain={DOMAIN}")
    vendor = saying(DONE, urls())
    await vendor.adapter.delete_links([f"{DOMAIN}/{slug}" for slug in "abc"])
    assert vendor.lines == [
        ("DELETE", f"/urls?domain={DOMAIN}&hashes=a%2Cb%2Cc"),
        ("GET", f"/urls?domain={DOMAIN}&hashes=a%2Cb%2Cc&limit=3"),
    ]
    assert vendor.requests[0].content == b""


async def test_reading_click_stats() -> None:
    vendor = saying({"error": OK, "stats": [{"hash": "e", "total_clicks": 22, "unique_clicks": 1}]})
    report = await vendor.adapter.read_stats(f"{DOMAIN}/e", None, None, frozenset({TOTALS}))
    assert (report.clicks, report.unique_clicks) == (22, 1)
    assert vendor.lines == [("GET", f"/stats/e?domain={DOMAIN}")]


async def test_resetting_stats() -> None:
    vendor = saying(DONE)
    await vendor.adapter.reset_stats([f"{DOMAIN}/hash"])
    assert only(vendor) == ("DELETE", f"/stats/hash?domain={DOMAIN}", None)
    vendor = saying(DONE)
    await vendor.adapter.reset_stats([f"{DOMAIN}/{slug}" for slug in "abc"])
    assert only(vendor) == ("DELETE", f"/stats?domain={DOMAIN}&hashes=a%2Cb%2Cc", None)


async def test_reading_tags() -> None:
    vendor = saying({"error": OK, "tags": [{"label": "banana"}, {"label": "apple"}]})
    assert await vendor.adapter.list_tags() == ("banana", "apple")
    assert only(vendor) == ("GET", "/tags", None)


async def test_creating_a_tag() -> None:
    vendor = saying({"error": OK, "tags": [{"label": "pear"}]})
    assert await vendor.adapter.create_tag("pear") == "pear"
    assert only(vendor) == ("POST", "/tags", {"label": "pear"})


async def test_renaming_a_tag() -> None:
    vendor = saying({"error": OK, "tags": [{"label": "new_label"}]})
    assert await vendor.adapter.rename_tag("label", "new_label") == "new_label"
    assert only(vendor) == ("PATCH", "/tags/label", {"label": "new_label"})


async def test_deleting_a_tag() -> None:
    vendor = saying(DONE)
    await vendor.adapter.delete_tag("label")
    assert only(vendor) == ("DELETE", "/tags/label", None)


async def test_reading_urls_by_tag() -> None:
    vendor = saying({"error": OK, "tags": [{"label": "fruit"}]}, urls())
    plan = await vendor.adapter.plan_links(LinkFilter(tags_all=("fruit",)))
    await vendor.adapter.list_links(plan.lanes[0], None)
    assert vendor.lines == [("GET", "/tags"), ("GET", "/urls?tags=fruit&offset=0&limit=100")]


async def test_reading_domains() -> None:
    domain = {
        "domain": "custom.com",
        "hash_character_set": "restricted",
        "hash_generation": "incremental",
        "status": "active",
        "custom_root_page": "",
        "custom_404_page": "",
        "redirect_code": "303",
        "use_https": False,
    }
    default = {**domain, "domain": "custom2.com", "status": "default", "custom_root_page": "http://mysite.net"}
    vendor = saying({"error": OK, "version": "3.1", "domains": [domain, default]})
    first, second = await vendor.adapter.list_domains()
    assert only(vendor) == ("GET", "/domains", None)
    assert (first.name, first.is_default, first.root_redirect) == ("custom.com", False, None)
    assert (second.name, second.is_default, second.root_redirect) == ("custom2.com", True, "http://mysite.net")


async def test_reading_webhooks() -> None:
    page = {"results_count": 2, "total_count": 2, "offset": 0}
    vendor = saying({"error": OK, "version": "3.1", "webhooks": [HOOK_ON_TAG, HOOK_ON_URL], "page": page})
    first, second = (await vendor.adapter.list_webhooks(10, 20)).items
    assert vendor.lines == [("GET", "/webhooks?offset=10&limit=20")]
    assert (first.tag, second.link_handle) == ("foo", "custom.com/myhash")
    assert second.headers == (
        ("Cache-control", "no-cache"),
        ("Authorization", "Basic QWxhZGRpbjpPcGVuU2VzYW1l"),
    )


@pytest.mark.parametrize(
    ("new", "target"),
    [
        (
            NewWebhook("https://example.com/endpoint.php", link_handle="custom.com/myhash"),
            {"type": "url", "url_domain": "custom.com", "url_hash": "myhash"},
        ),
        (
            NewWebhook("https://example.com/endpoint.php", domain="custom.com"),
            {"type": "domain", "domain": "custom.com"},
        ),
        (NewWebhook("https://example.com/endpoint.php", tag="foo"), {"type": "tag", "tag": "foo"}),
    ],
)
async def test_attaching_a_webhook(new: NewWebhook, target: dict[str, object]) -> None:
    blank = {**HOOK_ON_TAG, "tag": None, "url": "https://example.com/endpoint.php"}
    vendor = saying({"error": OK, "webhooks": [{**blank, **target}]})
    made = await vendor.adapter.create_webhook(new)
    payload = {"webhooks": [{"event": "click", **target, "url": "https://example.com/endpoint.php"}]}
    assert only(vendor) == ("POST", "/webhooks", payload)
    assert (made.link_handle, made.domain, made.tag) == (new.link_handle, new.domain, new.tag)


async def test_altering_a_webhook() -> None:
    url = "https://example.com/new-endpoint.php"
    vendor = saying({"error": OK, "webhooks": [{**HOOK_ON_TAG, "id": "123", "url": url}]})
    changed = await vendor.adapter.update_webhook("123", WebhookPatch(url=url))
    assert only(vendor) == ("PATCH", "/webhooks/123", {"webhooks": [{"url": url}]})
    assert (changed.id, changed.url) == ("123", url)


async def test_deleting_webhooks() -> None:
    vendor = saying(DONE)
    await vendor.adapter.delete_webhooks(["123"])
    assert only(vendor) == ("DELETE", "/webhooks/123", None)
    vendor = saying(DONE)
    await vendor.adapter.delete_webhooks(["123", "234", "567"])
    assert only(vendor) == ("DELETE", "/webhooks?ids=123%2C234%2C567", None)
