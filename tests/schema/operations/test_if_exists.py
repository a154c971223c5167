"""ifExists decides what happens if the account already has a link to the destination."""

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import CREATE, CREATE_MANY, codes, created, new_link, only_error, short_urls_of


@pytest.mark.parametrize("account", ["picsee-main", "tinycc", "shortenworld"])
@pytest.mark.parametrize("if_exists", ["CREATE", "RETURN", "FAIL"])
async def test_if_exists_creates_returns_or_rejects_a_second_link_to_a_destination(
    account: str, if_exists: str
) -> None:
    gateway, to = open_gateway(), {"destination": "https://www.example.com/twice?a=1#top"}
    first = (await created(gateway, account, **to))["link"]
    payload = await gateway.payload(CREATE, input=new_link(account, ifExists=if_exists, **to))
    same = payload["link"] is not None and payload["link"]["id"] == first["id"]
    expected = {"CREATE": (True, False, []), "RETURN": (False, True, []), "FAIL": (False, False, ["CONFLICT"])}
    assert (payload["created"], same, codes(payload)) == expected[if_exists]
    if if_exists == "FAIL":
        error = only_error(payload)
        assert error["path"] == ["input", "destination"]
        assert error["existing"] == {key: first[key] for key in ("id", "shortUrl", "destination")}
    assert (await short_urls_of(gateway, account)).count(first["shortUrl"]) == 1


@pytest.mark.parametrize("account", ["picsee-main", "shortenworld"])
async def test_if_exists_finds_a_destination_in_another_spelling(account: str) -> None:
    gateway = open_gateway()
    first = (await created(gateway, account, destination="https://www.example.com"))["link"]
    again = new_link(account, destination="HTTPS://WWW.Example.com:443/", ifExists="RETURN")
    payload = await gateway.payload(CREATE, input=again)
    assert (payload["created"], payload["link"]["id"]) == (False, first["id"])


@pytest.mark.parametrize("account", ["picsee-main", "tinycc", "shortenworld"])
@pytest.mark.parametrize("if_exists", ["RETURN", "FAIL"])
async def test_if_exists_creates_a_link_to_a_new_destination(account: str, if_exists: str) -> None:
    payload = await open_gateway().payload(CREATE, input=new_link(account, ifExists=if_exists))
    assert (payload["created"], codes(payload)) == (True, [])


@pytest.mark.parametrize("if_exists", ["RETURN", "FAIL"])
async def test_cuttly_creates_the_link_and_reports_that_it_cannot_search(if_exists: str) -> None:
    gateway = open_gateway()
    payload = await gateway.payload(CREATE, input=new_link("cuttly", ifExists=if_exists))
    assert payload["created"]
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("UNSUPPORTED", ["input", "ifExists"])
    assert gateway.calls() == {"cuttly": ["GET /team/API/index.php"]}


async def test_if_exists_applies_to_each_input_of_a_batch() -> None:
    gateway = open_gateway()
    first = (await created(gateway, "tinycc", destination="https://www.example.com/there"))["link"]
    gateway.forget_calls()
    inputs = [
        new_link("tinycc", destination="https://www.example.com/there", ifExists="RETURN"),
        new_link("tinycc", destination="https://www.example.com/new-one", ifExists="RETURN"),
        new_link("tinycc", destination="https://www.example.com/there", ifExists="CREATE"),
    ]
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    assert [payload["created"] for payload in payloads] == [False, True, True]
    assert payloads[0]["link"]["id"] == first["id"]
    assert payloads[2]["link"]["id"] != first["id"]
    assert gateway.calls()["tinycc"].count("POST /urls") == 2
