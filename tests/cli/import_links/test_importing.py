"""`linkweave import` over a gateway in this process, whose vendor cannot list links."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import click
import httpx2
import orjson
import pytest

from harness.catalog_fixtures import running
from harness.gateway import Gateway, open_gateway
from linkweave.cli.gateway.client import GatewayClient
from linkweave.cli.import_links.command import import_file
from linkweave.cli.import_links.importing import BATCH, Import
from linkweave.providers.discovery import discover

PROVIDERS = {name: discover()[name] for name in ("cuttly", "chevereto")}
IMPORT = """mutation Import($input: ImportLinksInput!) {
  importLinks(input: $input) {
    results { shortUrl state link { destination account { key } } error { code message path account { key } } }
    errors { code message path }
  }
}"""
MALFORMED = "shortUrls: must be a short URL with a domain and a slug, like https://cutt.ly/spring"
# The emulator has these, and Cutt.ly lists none.
SPRING, LOOKBOOK = "https://cutt.ly/spring-sale", "https://cutt.ly/lookbook"


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path) -> Path:
    """The file of an empty catalog."""
    shutil.copy(migrated_file, tmp_path / "catalog.db")
    return tmp_path / "catalog.db"


@pytest.fixture
async def gateway(file: Path) -> AsyncIterator[Gateway]:
    """A gateway with an empty catalog."""
    gateway = open_gateway(
        providers=PROVIDERS, deadline_seconds=300, sections={"catalog": {"url": f"sqlite:///{file}"}}
    )
    async with running(gateway):
        yield gateway


async def imported(gateway: Gateway, *urls: str, account: str = "cuttly") -> Any:
    return (await gateway.data(IMPORT, input={"account": account, "shortUrls": urls}))["importLinks"]


async def test_links_are_looked_up_once_and_malformed_urls_are_errors_of_their_own(gateway: Gateway) -> None:
    results = (await imported(gateway, SPRING, "nonsense", "https://cutt.ly/nothere", SPRING))["results"]
    assert [row["state"] for row in results] == ["IMPORTED", "FAILED", "NOT_FOUND", "IMPORTED"]
    assert results[0]["link"] == {
        "destination": "https://www.example.com/spring-sale?ref=instagram",
        "account": {"key": "cuttly"},
    }
    errors = [row["error"] for row in results]
    assert errors[0] is None
    assert (errors[1]["code"], errors[1]["path"]) == ("INVALID_INPUT", ["input", "shortUrls"])
    assert (errors[2]["code"], errors[2]["account"]) == ("NOT_FOUND", {"key": "cuttly"})
    gateway.forget_calls()
    (again,) = (await imported(gateway, "http://CUTT.ly/spring-sale"))["results"]
    assert (again["state"], again["link"]["destination"]) == ("KNOWN", results[0]["link"]["destination"])
    assert gateway.calls() == {}


async def test_an_imported_link_is_in_the_lists_of_its_account(gateway: Gateway) -> None:
    await imported(gateway, SPRING, LOOKBOOK)
    listed = await gateway.data('{ links(filter: { accounts: ["cuttly"] }) { nodes { shortUrl } } }')
    assert {link["shortUrl"] for link in listed["links"]["nodes"]} == {SPRING, LOOKBOOK}


@pytest.mark.parametrize(
    ("account", "number", "code", "place"),
    [
        ("nobody", 1, "INVALID_INPUT", ["input", "account"]),
        ("chevereto", 1, "UNSUPPORTED", None),
        ("cuttly", 101, "INVALID_INPUT", ["input", "shortUrls"]),
    ],
)
async def test_an_import_that_cannot_be_made_says_why(
    gateway: Gateway, account: str, number: int, code: str, place: list[str] | None
) -> None:
    payload = await imported(gateway, *([SPRING] * number), account=account)
    assert payload["results"] == []
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [(code, place)]


async def test_the_command_prints_a_line_for_each_url_and_goes_on_where_it_was(
    gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    async with gateway.client() as http:
        client = GatewayClient(http, "/graphql")
        assert await import_file(client, "cuttly", [SPRING])
        assert not await import_file(client, "cuttly", [SPRING, LOOKBOOK, "nonsense"])
        with pytest.raises(click.ClickException, match="'nobody' is not an account"):
            await import_file(client, "nobody", [SPRING])
    printed = capsys.readouterr()
    assert printed.out.splitlines()[2:6] == [
        "short_url\tstate\terror",
        f"{SPRING}\tKNOWN\t",
        f"{LOOKBOOK}\tIMPORTED\t",
        f"nonsense\tFAILED\t{MALFORMED} (INVALID_INPUT)",
    ]
    assert "1 IMPORTED, 1 KNOWN, 1 FAILED\n" in printed.err


@pytest.mark.parametrize(
    ("code", "failures", "state"),
    [("RATE_LIMITED", 6, "IMPORTED"), ("TIMEOUT", 2, "IMPORTED"), ("TIMEOUT", 9, "FAILED"), ("REJECTED", 1, "FAILED")],
)
async def test_a_failure_that_may_pass_is_tried_again(code: str, failures: int, state: str) -> None:
    seen = 0

    def answer(_: httpx2.Request) -> httpx2.Response:
        nonlocal seen
        seen += 1
        error = {"code": code, "message": "no", "retryAfterSeconds": None} if seen <= failures else None
        row = {"shortUrl": SPRING, "state": "FAILED" if error else "IMPORTED", "error": error}
        body = {"data": {"importLinks": {"results": [row], "errors": []}}}
        return httpx2.Response(200, content=orjson.dumps(body))

    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        work = Import(GatewayClient(http, "http://gateway/graphql"), "cuttly", [SPRING], pause)
        await work.run(lambda _, __: None)
    assert work.results[SPRING]["state"] == state
    assert len(paused) == seen - 1


async def test_an_interrupted_import_says_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    async def never(_: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(never)) as http:
        client = GatewayClient(http, "http://gateway/graphql")
        importing = asyncio.create_task(import_file(client, "cuttly", [SPRING]))
        await asyncio.sleep(0)
        importing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await importing
    assert "The links that were looked up are in the catalog. The same command goes on." in capsys.readouterr().err


@pytest.mark.parametrize("answers", [0, 1])
async def test_a_gateway_that_is_gone_is_one_line_after_what_was_done(
    answers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = [f"https://cutt.ly/{number}" for number in range(BATCH + 1)]
    left = answers

    def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal left
        if left == 0:
            raise httpx2.ConnectError("Connection refused", request=request)
        left -= 1
        rows = [{"shortUrl": url, "state": "IMPORTED", "error": None} for url in urls[:BATCH]]
        return httpx2.Response(200, content=orjson.dumps({"data": {"importLinks": {"results": rows, "errors": []}}}))

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        with pytest.raises(click.ClickException, match=r"the gateway at http://gateway/graphql cannot be reached"):
            await import_file(GatewayClient(http, "http://gateway/graphql"), "cuttly", urls)
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == (BATCH + 1 if answers else 0)
    assert ("The same command goes on." in printed.err) is bool(answers)
    assert "no short URLs" not in printed.err
