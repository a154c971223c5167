"""ifExists decides what happens if the account already has a link to the destination."""

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import (
    CREATE,
    CREATE_MANY,
    DELETE,
    UPDATE,
    codes,
    created,
    new_link,
    only_error,
    short_urls_of,
)
from harness.lagging_lists import LaggingLists


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


@pytest.mark.parametrize("if_exists", ["RETURN", "FAIL"])
async def test_if_exists_finds_a_link_of_this_gateway_that_picsee_does_not_list_yet(if_exists: str) -> None:
    gateway, to = open_gateway(around=LaggingLists), {"destination": "https://www.example.com/new?a=1"}
    first = (await created(gateway, "picsee-main", **to))["link"]
    again = new_link("picsee-main", destination="HTTPS://www.example.com:443/new?a=1", ifExists=if_exists)
    payload = await gateway.payload(CREATE, input=again)
    if if_exists == "RETURN":
        assert (payload["created"], payload["errors"], payload["link"]["id"]) == (False, [], first["id"])
    else:
        error = only_error(payload)
        assert (error["code"], error["existing"]["id"]) == ("CONFLICT", first["id"])
    assert gateway.calls()["picsee"].count("POST /v1/links") == 1
    other = new_link("picsee-main", destination="https://www.example.com/new?a=2", ifExists=if_exists)
    assert (await gateway.payload(CREATE, input=other))["created"]


async def test_if_exists_creates_no_link_while_an_ambiguous_create_at_picsee_may_have_worked() -> None:
    gateway, to = open_gateway(around=LaggingLists), {"destination": "https://www.example.com/unclear"}
    gateway.break_provider("picsee", "reset", path="/v1/links", times=1)
    assert codes(await gateway.payload(CREATE, input=new_link("picsee-main", **to))) == ["AMBIGUOUS"]
    await gateway.clock.sleep(100)
    payload = await gateway.payload(CREATE, input=new_link("picsee-main", ifExists="RETURN", **to))
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("AMBIGUOUS", ["input", "destination"])
    assert 0 < error["retryAfterSeconds"] <= 500
    await gateway.clock.sleep(error["retryAfterSeconds"])
    payload = await gateway.payload(CREATE, input=new_link("picsee-main", ifExists="RETURN", **to))
    assert (payload["created"], payload["errors"]) == (True, [])


@pytest.mark.parametrize("change", ["deleted", "redirected"])
async def test_if_exists_creates_a_link_where_the_recent_one_has_been(change: str) -> None:
    gateway, to = open_gateway(around=LaggingLists), {"destination": "https://www.example.com/new"}
    first = (await created(gateway, "picsee-main", **to))["link"]["id"]
    if change == "deleted":
        await gateway.payload(DELETE, ids=[first])
    else:
        await gateway.payload(UPDATE, input={"id": first, "destination": "https://www.example.com/other"})
    payload = await gateway.payload(CREATE, input=new_link("picsee-main", ifExists="RETURN", **to))
    assert (payload["created"], payload["errors"]) == (True, [])
    assert payload["link"]["id"] != first


async def test_if_exists_returns_the_error_of_picsee_where_the_recent_link_cannot_be_read() -> None:
    gateway, to = open_gateway(around=LaggingLists), {"destination": "https://www.example.com/new"}
    slug = (await created(gateway, "picsee-main", **to))["link"]["shortUrl"].rpartition("/")[2]
    gateway.break_provider("picsee", "status", status=503, path=f"/v1/links/{slug}")
    payload = await gateway.payload(CREATE, input=new_link("picsee-main", ifExists="RETURN", **to))
    assert codes(payload) == ["UNAVAILABLE"]
    assert gateway.calls()["picsee"].count("POST /v1/links") == 1
