"""The demo's second example creates links at two vendors, uploads and shortens a file, and reads all of it."""

from typing import Any

import pytest
from graphql import parse, validate

from harness.emulators import ManualClock
from harness.gateway import Gateway, open_gateway
from linkweave.cli.demo import build_demo, second_query, third_query
from linkweave.schema.build import build_schema

PICTURE_BYTES = 70


async def run(gateway: Gateway, operation: str) -> Any:
    body = {"query": second_query(), "operationName": operation}
    async with gateway.client() as client:
        answer = (await client.post("/graphql", json=body)).json()
    assert "errors" not in answer
    return answer["data"]


@pytest.mark.parametrize("example", [second_query(), third_query()])
def test_the_examples_fit_the_schema(example: str) -> None:
    assert validate(build_schema()._schema, parse(example)) == []  # noqa: SLF001 - strawberry hands out no other


def test_the_greeting_shows_all_examples() -> None:
    shown = build_demo("http://127.0.0.1:8000", "http://127.0.0.1:8001", ManualClock()).greeting
    assert second_query() in shown
    assert third_query() in shown
    assert "Run Write, then ReadBack" in shown


async def test_the_second_example_reads_what_it_wrote() -> None:
    gateway = open_gateway()
    before = await run(gateway, "ReadBack")
    assert (before["links"]["nodes"], before["cake"]) == ([], None)
    written = await run(gateway, "Write")
    assert [(payload["created"], payload["errors"]) for payload in written["createLinks"]] == [(True, [])] * 2
    assert written["uploadFile"]["errors"] == []
    assert written["uploadFile"]["upload"]["size"] == PICTURE_BYTES
    read = await run(gateway, "ReadBack")
    links = {link["account"]["key"]: link for link in read["links"]["nodes"]}
    assert links.keys() == {"picsee-main", "tinycc"}
    assert links["picsee-main"]["shortUrl"] == "https://go.example.com/ten-years"
    assert links["picsee-main"]["title"] == "Ten years"
    assert links["tinycc"]["expiry"] == {"at": "2035-12-31", "afterClicks": 1000}
    assert [tag["name"] for tag in links["tinycc"]["tags"]] == ["birthday", "print"]
    assert read["cake"]["destination"] == written["uploadFile"]["upload"]["url"]
    assert {name for name, calls in gateway.calls().items() if calls} >= {"picsee", "tinycc", "cuttly", "chevereto"}


async def test_the_second_example_creates_no_second_link_when_it_runs_again() -> None:
    gateway = open_gateway()
    first = await run(gateway, "Write")
    again = await run(gateway, "Write")
    assert again["createLinks"] == [{**payload, "created": False} for payload in first["createLinks"]]
    assert again["uploadFile"]["upload"] is None
    assert [error["code"] for error in again["uploadFile"]["errors"]] == ["CONFLICT"]
    assert len((await run(gateway, "ReadBack"))["links"]["nodes"]) == 2
