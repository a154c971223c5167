"""What callers write in confidence is in no log line and in no error, whatever goes wrong."""

import json
import logging
from collections.abc import Iterator
from typing import Any, cast

import pytest
from starlette.applications import Starlette

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import CREATE, UPDATE, a_new_link, new_link
from harness.multipart_client import UPLOAD, in_base64, png
from harness.vendor_faults import KIND_NAMES, KINDS
from linkweave.providers.discovery import discover
from linkweave.schema.global_ids import encode_id

PASSWORD = "correct-horse-battery-staple"
KEY = "idempotency-key-of-order-4711"
HEADER = "Bearer hook-credential-1234"
WRITTEN = (PASSWORD, KEY, HEADER, "hook-credential-1234")

HOOK = """mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) {
  webhook { id headers { name value } } errors { code message } } }"""
PROVIDERS = tuple(discover())


def logged(records: list[logging.LogRecord]) -> Iterator[str]:
    formatter = logging.Formatter("%(name)s %(message)s")
    for record in records:
        yield formatter.format(record)
        yield repr(record.__dict__)


async def write_everything(gateway: Gateway, links: dict[str, str]) -> list[str]:
    """The answers to writes with secrets in them, good ones and ones that are refused."""
    hook = {
        "account": "tinycc",
        "url": "https://hooks.example.com",
        "tag": "print",
        "headers": [{"name": "Authorization", "value": HEADER}],
    }
    asked: list[tuple[str, dict[str, Any]]] = [
        *((UPDATE, {"id": links[account], "password": PASSWORD}) for account in ("cuttly", "shortenworld", "tinycc")),
        *((CREATE, new_link(account, password=PASSWORD)) for account in ("cuttly", "picsee-main")),
        *((CREATE, new_link("tinycc", idempotencyKey=KEY)) for _ in range(2)),
        (CREATE, new_link("tinycc", idempotencyKey=KEY, note="another input")),
        (CREATE, new_link("cuttly", idempotencyKey=KEY, slug="spring-sale")),
        (HOOK, hook),
        (HOOK, {**hook, "account": "cuttly"}),
        (UPLOAD.replace("deleteUrl", ""), {"account": "chevereto", "base64": in_base64(png())}),
        (UPLOAD.replace("deleteUrl", ""), {"account": "chevereto", "base64": in_base64(png())}),
        (UPDATE, {"id": links["cuttly"], "password": [PASSWORD]}),
        (CREATE, {"accounts": [], "idempotencyKey": KEY, "password": {"is": PASSWORD}}),
    ]
    replies = [await gateway.ask(mutation, input=given) for mutation, given in asked]
    return [json.dumps([reply.data, reply.errors, dict(reply.headers)]) for reply in replies]


def delete_urls(gateway: Gateway) -> set[str]:
    uploads = cast("Starlette", gateway.sandbox.slots["chevereto"].app).state.uploads.values()
    return {upload.shown()["delete_url"] for upload in uploads}


@pytest.mark.parametrize(("kind", "details", "_code"), [("none", {}, ""), *KINDS], ids=["well", *KIND_NAMES])
async def test_no_secret_of_a_write_is_told_or_logged(
    kind: str, details: dict[str, object], _code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = open_gateway()
    links = {account: await a_new_link(gateway, account) for account in ("cuttly", "shortenworld", "tinycc")}
    for provider in PROVIDERS if kind != "none" else ():
        gateway.break_provider(provider, kind, **details)
    answers = await write_everything(gateway, links)
    secrets = {*WRITTEN, *delete_urls(gateway)}
    # GraphQL quotes a value that is of another type than the schema wants: the caller's own words, to the caller.
    quoted = {text for text in answers if "Variable '$input'" in text}
    texts = [*(text for text in answers if text not in quoted), *logged(caplog.records)]
    assert [(secret, text) for text in texts for secret in secrets if secret in text] == []
    assert len(quoted) == 2


async def test_an_upload_shows_its_delete_url_to_whoever_may_write_and_nobody_logs_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = open_gateway()
    data = await gateway.data(UPLOAD, input={"account": "chevereto", "base64": in_base64(png())})
    (secret,) = delete_urls(gateway)
    assert data["payload"]["upload"]["deleteUrl"] == secret
    assert not any(secret in text for text in logged(caplog.records))


async def test_a_header_of_a_webhook_is_masked_in_the_answer_to_the_write() -> None:
    hook = {"account": "tinycc", "url": "https://a.example", "tag": "print"}
    headers = [{"name": "Authorization", "value": HEADER}, {"name": "X-Team", "value": "print"}]
    data = await open_gateway().data(HOOK, input={**hook, "headers": headers})
    assert data["createWebhook"]["webhook"]["headers"] == [{"name": "Authorization", "value": "***"}, headers[1]]


async def test_an_id_says_nothing_of_how_a_link_was_made() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "tinycc", idempotencyKey=KEY, slug="plain26")
    assert link == encode_id("Link", "tinycc", "go.shopdemo.example/plain26")
