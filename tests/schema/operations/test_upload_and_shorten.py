"""uploadFile with `shorten` uses two accounts, and an error says which of the two failed."""

from typing import Any

import httpx2
import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import codes, link_by_id, only_error
from harness.multipart_client import SentFile, png, upload_file

FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]
PLACE = {"shortenworld": {"domain": "apac.swlink.example"}}


async def upload_and_shorten(gateway: Any, **shorten: object) -> Any:
    return await upload_file(gateway, SentFile(png()), shorten=shorten)


def moderated() -> list[dict[str, object]]:
    """A site that approves files by hand, beside an account for links."""
    sandbox = "http://sandbox"
    site = {"key": "chevereto", "provider": "chevereto", "base_url": f"{sandbox}/chevereto"}
    links = {"key": "tinycc", "provider": "tinycc", "base_url": f"{sandbox}/tinycc", "username": "sandbox-print"}
    return [{**site, "api_key": "sandbox-chevereto-moderated-key"}, {**links, "api_key": "sandbox-tinycc-key"}]


@pytest.mark.parametrize("account", FOUR)
async def test_any_account_can_create_the_link_to_the_file(account: str) -> None:
    gateway = open_gateway()
    payload = await upload_and_shorten(gateway, accounts=[account], **PLACE.get(account, {}))
    assert payload["errors"] == []
    assert payload["link"]["account"] == {"key": account}
    assert payload["link"]["destination"] == payload["upload"]["url"]
    read = await link_by_id(gateway, payload["link"]["id"], "destination")
    assert read == {"destination": payload["upload"]["url"]}


@pytest.mark.parametrize(("target", "field"), [(None, "url"), ("FILE", "url"), ("VIEWER", "viewerUrl")])
async def test_the_target_chooses_between_the_file_and_its_page(target: str | None, field: str) -> None:
    payload = await upload_and_shorten(open_gateway(), accounts=["cuttly"], target=target)
    assert payload["link"]["destination"] == payload["upload"][field]


async def test_slug_domain_title_and_tags_belong_to_the_link() -> None:
    gateway = open_gateway()
    payload = await upload_and_shorten(
        gateway, accounts=["picsee-main"], slug="coat-26", domain="pse.is", title="A coat", tags=["coats"]
    )
    assert payload["errors"] == []
    read = await link_by_id(gateway, payload["link"]["id"], "shortUrl title tags { name }")
    assert read == {"shortUrl": "https://pse.is/coat-26", "title": "A coat", "tags": [{"name": "coats"}]}


async def test_an_ambiguous_upload_creates_no_link() -> None:
    gateway = open_gateway()
    gateway.break_provider("chevereto", "reset")
    payload = await upload_and_shorten(gateway, accounts=["tinycc"])
    assert (payload["upload"], payload["link"]) == (None, None)
    error = only_error(payload)
    assert (error["code"], error["account"]) == ("AMBIGUOUS", {"key": "chevereto"})
    assert gateway.calls() == {"chevereto": ["POST /api/1/upload"]}


@pytest.mark.parametrize(
    ("kind", "details", "code"),
    [
        ("reset", {}, "AMBIGUOUS"),
        ("status", {"status": 500}, "AMBIGUOUS"),
        ("status", {"status": 429}, "RATE_LIMITED"),
        ("delay", {"seconds": 600}, "AMBIGUOUS"),
    ],
)
async def test_a_link_that_fails_leaves_the_upload(kind: str, details: dict[str, Any], code: str) -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", kind, **details)
    payload = await upload_and_shorten(gateway, accounts=["tinycc"])
    assert payload["upload"]["url"]
    assert payload["link"] is None
    error = only_error(payload)
    assert (error["code"], error["account"]) == (code, {"key": "tinycc"})
    assert error["path"] is None or error["path"][:2] == ["input", "shorten"]
    assert gateway.calls()["tinycc"] == ["POST /urls"]


async def test_a_slug_in_use_is_an_error_of_the_link_only() -> None:
    gateway = open_gateway()
    payload = await upload_and_shorten(gateway, accounts=["tinycc"], slug="card", domain="go.shopdemo.example")
    error = only_error(payload)
    assert payload["upload"]["url"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "shorten", "slug"])
    assert error["existing"]["shortUrl"] == "https://go.shopdemo.example/card"


async def test_an_unsupported_link_is_rejected_before_the_upload() -> None:
    gateway = open_gateway()
    payload = await upload_and_shorten(gateway, accounts=["cuttly"], title="Cutt.ly takes none", tags=["coats"])
    assert (payload["upload"], payload["link"]) == (None, None)
    assert [error["path"] for error in payload["errors"]] == [
        ["input", "shorten", "tags"],
        ["input", "shorten", "title"],
    ]
    assert codes(payload) == ["UNSUPPORTED"] * 2
    assert gateway.calls() == {}


async def test_an_account_that_cannot_create_links_is_rejected_before_the_upload() -> None:
    gateway = open_gateway()
    payload = await upload_and_shorten(gateway, accounts=["chevereto"])
    assert codes(payload) == ["UNSUPPORTED"]
    assert payload["upload"] is None
    assert gateway.calls() == {}


async def test_the_next_account_creates_the_link_if_the_first_is_rate_limited() -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "status", status=429)
    payload = await upload_and_shorten(gateway, accounts=["cuttly", "tinycc"])
    assert payload["errors"] == []
    assert payload["link"]["account"] == {"key": "tinycc"}
    assert len(gateway.calls()["chevereto"]) == 1


async def test_a_file_that_waits_for_approval_has_no_url_to_shorten() -> None:
    gateway = open_gateway(accounts=moderated())
    payload = await upload_and_shorten(gateway, accounts=["tinycc"])
    assert payload["upload"]["approved"] is False
    assert payload["link"] is None
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("REJECTED", ["input", "shorten", "target"])
    assert gateway.calls().keys() == {"chevereto"}


async def test_the_page_of_a_file_that_waits_for_approval_can_be_shortened() -> None:
    payload = await upload_and_shorten(open_gateway(accounts=moderated()), accounts=["tinycc"], target="VIEWER")
    assert payload["errors"] == []
    assert payload["link"]["destination"] == payload["upload"]["viewerUrl"]


class Disallowing(httpx2.AsyncBaseTransport):
    """A wire behind which tiny.cc allows no destination."""

    def __init__(self, wire: httpx2.AsyncBaseTransport) -> None:
        self._wire = wire

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path != "/tinycc/urls":
            return await self._wire.handle_async_request(request)
        refusal = b'{"error": {"code": 1216, "message": "URL you tried to shorten is not allowed"}}'
        return httpx2.Response(200, stream=httpx2.ByteStream(refusal), request=request)


async def test_a_rejected_destination_is_an_error_of_the_target() -> None:
    payload = await upload_and_shorten(open_gateway(around=Disallowing), accounts=["tinycc"])
    assert payload["upload"]["url"]
    error = only_error(payload)
    assert (error["code"], error["providerCode"]) == ("REJECTED", "1216")
    assert error["path"] == ["input", "shorten", "target"]
