"""The bodies of webhooks as the vendors' documents show them, and what the gateway reads of them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.emulators import bench
from linkweave.providers.webhook_capabilities import (
    CanReceiveWebhooks,
    HintKind,
    LinkHint,
    WebhookForgedError,
    WebhookNews,
    WebhookRefusedError,
    WebhookRequest,
)

CLICKED = HintKind.CLICKED
PERSON = {"remote_addr": "203.0.113.7", "user_agent": "Mozilla/5.0", "accept_language": "de-DE"}
TINYCC = {"hash": "promo", "domain": "Go.Example.com", "redirect_url": "https://example.com/", "referrer": "", **PERSON}
REBRANDLY: dict[str, Any] = {
    "timestamp": "2019-07-02T14:07:06.981094Z",
    "client": {"location": {"country": "br"}, "agent": {"device": {"name": "smartphone"}, "type": "human"}},
    "referral": {"hostname": "m.facebook.com", "protocol": "http", "path": "/"},
    "route": {"id": "abc", "slashtag": "", "domain": {"id": "d", "raw": ""}},
}
BITLY = {
    "event_id": "42f14eec",
    "datetime": "2019-12-20T07:54:54+0000",
    "url": "https://example.com/",
    "bitlink": "go.example.com/promo",
    "passed_params": "",
    "country": "US",
    "referrer": "direct",
    "device_type": "Desktop",
}
DUB_CLICK = {
    "timestamp": "2026-11-20T10:00:00.000Z",
    "country": "DE",
    "device": "Mobile",
    "referer": "t.co",
    "ip": "203.0.113.7",
}


def dub(event: str, data: object) -> dict[str, object]:
    return {"id": "evt_1", "event": event, "createdAt": "2026-11-20T10:00:01.000Z", "data": data}


def clicked(handle: str | None, **told: Any) -> LinkHint:
    return LinkHint(CLICKED, handle, **told)


BODIES: Mapping[str, tuple[str, object, WebhookNews]] = {
    "tiny.cc": (
        "tinycc",
        {"event": "click", "time": "2026-11-20 10:00:00", "data": TINYCC},
        WebhookNews((clicked("go.example.com/promo", at=datetime(2026, 11, 20, 10, tzinfo=UTC)),)),
    ),
    "tiny.cc, a time of another form": (
        "tinycc",
        {"event": "click", "time": 1_795_000_000, "data": {**TINYCC, "referrer": "https://t.co/a"}},
        WebhookNews((clicked("go.example.com/promo", referrer="https://t.co/a"),)),
    ),
    "tiny.cc, another event": ("tinycc", {"event": "visit"}, WebhookNews()),
    "Dub, a click": (
        "dub",
        dub("link.clicked", {"click": DUB_CLICK, "link": {"id": "link_1", "url": "https://example.com"}}),
        WebhookNews(
            (
                clicked(
                    "link_1",
                    at=datetime(2026, 11, 20, 10, tzinfo=UTC),
                    country="DE",
                    device="Mobile",
                    referrer="t.co",
                ),
            ),
            "evt_1",
        ),
    ),
    "Dub, a click of whom nothing is known": (
        "dub",
        dub("link.clicked", {"click": {"country": "Unknown", "referer": "(direct)"}, "link": {"id": "link_1"}}),
        WebhookNews((clicked("link_1"),), "evt_1"),
    ),
    "Dub, a new link": (
        "dub",
        dub("link.created", {"id": "link_1"}),
        WebhookNews((LinkHint(HintKind.CREATED, "link_1"),), "evt_1"),
    ),
    "Dub, a changed link": (
        "dub",
        dub("link.updated", {"id": "link_1"}),
        WebhookNews((LinkHint(HintKind.UPDATED, "link_1"),), "evt_1"),
    ),
    "Dub, a deleted link": (
        "dub",
        dub("link.deleted", {"id": "link_1"}),
        WebhookNews((LinkHint(HintKind.DELETED, "link_1"),), "evt_1"),
    ),
    "Dub, a sale": ("dub", dub("sale.created", {"amount": 1}), WebhookNews((), "evt_1")),
    "Bitly": (
        "bitly",
        BITLY,
        WebhookNews(
            (
                clicked(
                    None,
                    domain="go.example.com",
                    slug="promo",
                    at=datetime(2019, 12, 20, 7, 54, 54, tzinfo=UTC),
                    country="US",
                    device="Desktop",
                ),
            ),
            "42f14eec",
        ),
    ),
    "Short.io": (
        "shortio",
        {"dt": "2026-11-20T10:00:00.000Z", "host": "Go.example.com", "path": "/promo", "ip": "203.0.113.7"},
        WebhookNews((clicked(None, domain="go.example.com", slug="promo", at=datetime(2026, 11, 20, 10, tzinfo=UTC)),)),
    ),
    "Short.io, a bot": ("shortio", {"host": "go.example.com", "path": "promo", "human": False}, WebhookNews()),
    "Rebrandly, a person and a bot": (
        "rebrandly",
        {
            "data": [REBRANDLY, {**REBRANDLY, "client": {"agent": {"type": "bot"}}}, {"route": {"id": "b"}}],
            "key": "abcxyz123",
        },
        WebhookNews(
            (
                clicked(
                    "abc",
                    at=datetime(2019, 7, 2, 14, 7, 6, 981094, tzinfo=UTC),
                    country="BR",
                    device="smartphone",
                    referrer="http://m.facebook.com/",
                ),
                clicked("b"),
            )
        ),
    ),
}

WRONG: Mapping[str, tuple[str, object, str]] = {
    "tiny.cc without a hash": ("tinycc", {"event": "click", "data": {"domain": "a.example"}}, "data"),
    "tiny.cc with a hash that names no link": (
        "tinycc",
        {"event": "click", "data": {"domain": "a.example", "hash": "a\nb"}},
        "data.hash",
    ),
    "Dub without a link": ("dub", dub("link.clicked", {"click": DUB_CLICK}), "data"),
    "Bitly with half a name": ("bitly", {**BITLY, "bitlink": "go.example.com"}, "bitlink"),
    "Short.io with the root": ("shortio", {"host": "go.example.com", "path": "/"}, "path"),
    "Rebrandly without a link": ("rebrandly", {"data": [{"client": {}}]}, "data"),
}


def read(provider: str, data: object, *, form: bool = False) -> WebhookNews:
    adapter = bench(provider).account.adapter
    assert isinstance(adapter, CanReceiveWebhooks)
    return adapter.read_webhook(WebhookRequest({}, json.dumps(data).encode(), data, form))


@pytest.mark.parametrize(("provider", "data", "news"), BODIES.values(), ids=BODIES)
def test_a_body_of_a_document_is_read(provider: str, data: object, news: WebhookNews) -> None:
    assert read(provider, data) == news


@pytest.mark.parametrize(("provider", "data", "named"), WRONG.values(), ids=WRONG)
def test_a_body_without_what_names_its_link_is_refused_by_the_fields_name(
    provider: str, data: object, named: str
) -> None:
    with pytest.raises(WebhookRefusedError, match=f"^{named}"):
        read(provider, data)


def test_a_form_of_tinycc_says_the_same_as_its_json() -> None:
    data = {f"data[{key}]": value for key, value in TINYCC.items()}
    fields = {"event": "click", "time": "2026-11-20 10:00:00", **data}
    assert read("tinycc", fields, form=True) == BODIES["tiny.cc"][2]


def test_with_dubs_secret_a_webhook_must_have_its_signature() -> None:
    adapter = bench("dub", webhook_secret="whsec_made_up").account.adapter
    assert isinstance(adapter, CanReceiveWebhooks)
    data = dub("link.deleted", {"id": "link_1"})
    body = b'{"as":"sent"}'
    # Computed with openssl: printf '{"as":"sent"}' | openssl dgst -sha256 -hmac whsec_made_up
    signature = "ddd8799bff7ae984d9b8b37ea0c14e00dbeecb4f1eba7441c30894236dc7cea0"
    assert adapter.read_webhook(WebhookRequest({"dub-signature": signature}, body, data)).hints
    for headers in ({}, {"dub-signature": signature[:-1]}, {"dub-signature": "ß"}):
        with pytest.raises(WebhookForgedError, match="Dub-Signature"):
            adapter.read_webhook(WebhookRequest(headers, body, data))
