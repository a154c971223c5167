"""Webhooks from the vendor's request to the subscriber, and what never gets there."""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any, Final

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.gateway import Gateway
from harness.subscriptions import HttpStream, http_stream
from linkweave.edge.webhooks.webhook_requests import MAX_BYTES
from linkweave.providers.discovery import discover
from linkweave.providers.emulator_kit import SentWebhook
from linkweave.runtime.process import Process
from linkweave.settings import HooksSettings
from linkweave.testing.gateway import SANDBOX, UNCACHED, open_gateway
from linkweave.testing.virtual_time import VirtualTimeLoop

SECRET: Final = "a secret for the tests of webhooks"
HOOKS: Final = {"hooks": {"secret": SECRET}, **UNCACHED}
PUBLIC: Final = {"public_url": "https://links.example.com"}
LISTEN: Final = (
    "mutation ($account: ID!) { listen(account: $account) { url placed signingSecret errors { code message path } } }"
)
CHANGES: Final = "subscription { linkChanges { kind seenBy linkId link { title } } }"
CLICKS: Final = "subscription { clicks { seenBy count link { slug clicks } } }"
CREATE: Final = """mutation {
  payload: createLink(input: { accounts: ["dub"], destination: "https://example.com/hook" }) {
    link { id } errors { message }
  }
}"""
DELETE: Final = "mutation ($id: ID!) { payload: deleteLinks(ids: [$id]) { errors { message } } }"


def gateway_with(*providers: str, server: Mapping[str, object] = PUBLIC, **sections: object) -> Gateway:
    known = discover()
    return open_gateway(
        providers={name: known[name] for name in providers}, server=server, sections={**HOOKS, **sections}
    )


async def listen(gateway: Gateway, account: str) -> str:
    payload = (await gateway.data(LISTEN, account=account))["listen"]
    assert payload["errors"] == []
    return str(payload["url"])


async def post(gateway: Gateway, url: str, body: bytes, method: str = "POST", **headers: str) -> httpx2.Response:
    async with gateway.client() as client:
        return await client.request(method, httpx2.URL(url).raw_path.decode(), content=body, headers=headers)


async def forward(gateway: Gateway, sent: SentWebhook) -> int:
    return (await post(gateway, sent.url, sent.body, **dict(sent.headers))).status_code


async def started(stream: HttpStream) -> None:
    await stream.started.wait()
    await asyncio.sleep(1)


async def test_changes_at_dub_are_told_once_its_answer_confirms_them() -> None:
    gateway = gateway_with("dub")
    await listen(gateway, "dub")
    link = (await gateway.payload(CREATE))["link"]["id"]
    assert (await gateway.payload(DELETE, id=link)) == [{"errors": []}]
    created, deleted = gateway.sandbox.sent
    async with http_stream(gateway, CHANGES) as stream:
        await started(stream)
        # The link is gone by now: what says that it was created is not so any more.
        assert [await forward(gateway, each) for each in (created, deleted)] == [200, 200]
        told = (await stream.next())["data"]["linkChanges"]
        assert told == {"kind": "DELETED", "seenBy": "WEBHOOK", "linkId": link, "link": None}


async def test_a_vendor_that_is_down_is_asked_again_before_anything_is_told() -> None:
    gateway = gateway_with("tinycc")
    await listen(gateway, "tinycc")
    assert gateway.sandbox.click("tinycc", "card")
    sent = next(each for each in gateway.sandbox.sent if each.url.startswith(PUBLIC["public_url"]))
    async with http_stream(gateway, CLICKS) as stream:
        await started(stream)
        gateway.break_provider("tinycc", "status", status=503)
        assert await forward(gateway, sent) == 200
        await asyncio.sleep(10)
        assert stream.chunks.empty() or "data" not in stream.chunks.get_nowait()
        gateway.mend_provider("tinycc")
        told = (await stream.next())["data"]["clicks"]
        assert (told["seenBy"], told["count"], told["link"]["slug"]) == ("WEBHOOK", 1, "card")


@pytest.mark.parametrize(
    ("body", "method", "headers", "status", "message"),
    [
        (b"x" * (MAX_BYTES + 1), "POST", {}, 413, "64000 bytes"),
        (b"{}", "GET", {}, 405, "POST"),
        (b"{}", "PUT", {}, 405, "POST"),
        (b"\x1f\x8b", "POST", {"content-encoding": "gzip"}, 400, "compressed"),
        (b"a=%ff&=", "POST", {"content-type": "application/x-www-form-urlencoded"}, 400, "form"),
        (b"event=click", "POST", {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}, 400, "data"),
        (b'{"event": "click", "data": {"hash": "a"}}', "POST", {}, 400, "data"),
    ],
)
async def test_what_no_vendor_sends_is_refused_with_the_reason(
    body: bytes, method: str, headers: dict[str, str], status: int, message: str
) -> None:
    gateway = gateway_with("tinycc")
    url = await listen(gateway, "tinycc")
    answer = await post(gateway, url, body, method, **headers)
    assert answer.status_code == status
    assert message in answer.json()["errors"][0]["message"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("id", "event", "data", "link", "click", "route", "hash", "bitlink")), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=8)
@given(st.lists(JSON.map(lambda data: json.dumps(data).encode()) | st.binary(max_size=64), min_size=12, max_size=12))
def test_no_body_breaks_the_gateway(bodies: list[bytes]) -> None:
    accounts = ("dub", "bitly", "rebrandly", "tinycc")

    async def run() -> None:
        gateway = gateway_with(*accounts)
        for at, body in enumerate(bodies):
            account = accounts[at % len(accounts)]
            url = f"/hooks/{account}/{HooksSettings.model_validate({'secret': SECRET}).token(account)}"
            for media_type in ("application/json", "application/x-www-form-urlencoded"):
                answer = await post(gateway, url, body, **{"content-type": media_type})
                assert answer.status_code in {200, 400}

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(run())


async def test_no_log_line_metric_or_answer_for_readers_has_the_token_or_the_visitor(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    process = Process()
    known = discover()
    gateway = open_gateway(providers={"tinycc": known["tinycc"]}, server=PUBLIC, sections=HOOKS, process=process)
    url = await listen(gateway, "tinycc")
    assert gateway.sandbox.click("tinycc", "card")
    sent = next(each for each in gateway.sandbox.sent if each.url == url)
    assert await forward(gateway, sent) == 200
    assert (await post(gateway, url, b"{")).status_code == 400
    await asyncio.sleep(5)
    shown = await gateway.data("{ accounts { webhooks(first: 100) { nodes { url } } } }")
    urls = [hook["url"] for hook in shown["accounts"][0]["webhooks"]["nodes"]]
    assert "https://links.example.com/hooks/tinycc/***" in urls
    texts = [*urls, *(record.getMessage() for record in caplog.records), process.metrics.page("")[0].decode()]
    token = url.rpartition("/")[2]
    assert not [text for text in texts for secret in (token, "203.0.113.7") if secret in text]


async def test_another_secret_or_number_revokes_an_address_and_listen_replaces_the_webhook() -> None:
    first = HooksSettings.model_validate({"secret": SECRET})
    again = HooksSettings.model_validate({"secret": SECRET, "revisions": {"dub": 1}})
    other = HooksSettings.model_validate({"secret": SECRET[::-1]})
    assert first.token("dub") == HooksSettings.model_validate({"secret": SECRET}).token("dub")
    assert len({first.token("dub"), first.token("bitly"), again.token("dub"), other.token("dub")}) == 4
    assert (first.token("bitly"), HooksSettings().token("dub")) == (again.token("bitly"), None)
    gateway = gateway_with("dub", hooks={"secret": SECRET, "revisions": {"dub": 1}})
    stale = f"https://links.example.com/hooks/dub/{first.token('dub')}"
    answer = await post(gateway, stale, b"{}")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("server", "hooks", "variables", "code", "message"),
    [
        ({}, {"secret": SECRET}, {}, "INVALID_INPUT", "public_url"),
        (PUBLIC, {}, {}, "UNSUPPORTED", "[hooks]"),
        (PUBLIC, {"secret": SECRET}, {"publicUrl": "http://links.example.com"}, "INVALID_INPUT", "https"),
        (PUBLIC, {"secret": SECRET}, {"account": "kutt"}, "UNSUPPORTED", "Kutt"),
        (PUBLIC, {"secret": SECRET}, {"account": "nobody"}, "INVALID_INPUT", "nobody"),
    ],
)
async def test_listening_says_what_it_lacks(
    server: dict[str, str], hooks: dict[str, str], variables: dict[str, str], code: str, message: str
) -> None:
    gateway = gateway_with("dub", "kutt", server=server, hooks=hooks)
    query = (
        "mutation ($account: ID!, $publicUrl: URL) {{ payload: {0}(account: $account, publicUrl: $publicUrl) "
        "{{ errors {{ code message }} }} }}"
    )
    for name in ("listen", "unlisten"):
        (error,) = (await gateway.payload(query.format(name), **{"account": "dub", **variables}))["errors"]
        assert error["code"] == code
        assert message in error["message"]


async def test_a_domain_of_shortio_with_another_webhook_keeps_it() -> None:
    gateway = gateway_with("shortio")
    gateway.sandbox.slots["shortio"].app.state.set_webhook(123_456, "https://elsewhere.example/hook")  # type: ignore[attr-defined] # ASGIApp
    payload: dict[str, Any] = (await gateway.data(LISTEN, account="shortio"))["listen"]
    assert (payload["placed"], [error["code"] for error in payload["errors"]]) == (False, ["CONFLICT"])
    assert "go.shortio-demo.example" in payload["errors"][0]["message"]
    assert gateway.calls()["shortio"].count("POST /domains/settings/123456") == 0


async def test_a_plan_without_webhooks_is_the_vendors_own_error() -> None:
    known = discover()
    table = {"key": "free", "provider": "bitly", "base_url": f"{SANDBOX}/bitly", "token": "sandbox-bitly-free-token"}
    gateway = open_gateway(
        providers={"bitly": known["bitly"]},
        accounts=[{**table, "group": "Bfree000001", "plan": "free"}],
        server=PUBLIC,
        sections=HOOKS,
    )
    payload = (await gateway.data(LISTEN, account="free"))["listen"]
    assert (payload["url"], payload["placed"]) == (None, False)
    assert [error["code"] for error in payload["errors"]] == ["PLAN_REQUIRED"]


async def test_the_mask_of_an_address_cannot_become_one() -> None:
    gateway = gateway_with("tinycc")
    made = """mutation ($url: URL!) { payload: createWebhook(input: { account: "tinycc", domain: "m.shopdemo.example",
      url: $url }) { errors { code path } } }"""
    url = "https://links.example.com/hooks/tinycc/***"
    assert (await gateway.payload(made, url=url))["errors"] == [{"code": "INVALID_INPUT", "path": ["input", "url"]}]
