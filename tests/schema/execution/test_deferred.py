"""@defer and @stream return the same data in parts, the fast parts first."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.streaming import merge_parts, stream
from harness.vendor_faults import FAULTS

QUERIES = {
    "links": """query ($later: Boolean!) {
      links(first: 8) {
        nodes @stream(initialCount: 2, if: $later) {
          shortUrl
          ... @defer(if: $later) {
            stats { clicks uniqueClicks series { date clicks } breakdown(by: COUNTRY) { buckets { key } } }
            domain { name kind }
            tags { name }
            team { name }
            trackers { name }
          }
        }
        ... @defer(if: $later) { sources { account { key } status } pageInfo { hasNextPage endCursor } }
      }
    }""",
    "edges": """query ($later: Boolean!) {
      links(first: 5) { edges @stream(initialCount: 1, if: $later) { cursor node { shortUrl account { key } } } }
    }""",
    "accounts": """query ($later: Boolean!) {
      accounts @stream(initialCount: 0, if: $later) {
        key
        ... @defer(if: $later, label: "facts") {
          plan { name }
          quotas @stream(if: $later) { name limit }
          domains @stream(initialCount: 1, if: $later) { name ... @defer(if: $later) { kind team { name } } }
          tags { name }
          teams { name }
          campaigns { name team { name } }
          trackers { name scope }
          trackingPresets { utmSources }
          webhooks { nodes { url target { tag link { shortUrl } } } }
        }
      }
    }""",
    "root": """query ($later: Boolean!) {
      providers @stream(initialCount: 1, if: $later) { id ... @defer(if: $later) { capabilities accounts { key } } }
      ... @defer(if: $later) {
        tags(first: 5) { nodes { name accounts { key } } sources { account { key } status } }
        domains { nodes @stream(if: $later) { name account { key } } }
        link(shortUrl: "https://cutt.ly/spring-sale") { title ... @defer(if: $later) { stats { clicks botClicks } } }
      }
      ... @defer(if: $later) {
        stats(filter: { tags: { any: ["webinar"] } }) {
          clicks links
          ... @defer(if: $later) { byAccount { account { key } clicks } sources { account { key } status } }
        }
      }
    }""",
}


async def both_ways(gateway: Gateway, query: str) -> tuple[Any, Any]:
    """The answer at once and the merged one; each error by its path."""
    at_once = await gateway.ask(query, later=False)
    data, errors = merge_parts(await stream(gateway, query, later=True))
    by_path = {tuple(error["path"]): error["extensions"]["code"] for error in errors}
    assert len(by_path) == len(errors)
    return (at_once.data, at_once.failing_paths()), (data, by_path)


@pytest.mark.parametrize("name", QUERIES)
async def test_the_merged_parts_equal_the_whole_response(name: str) -> None:
    at_once, merged = await both_ways(open_gateway(), QUERIES[name])
    assert merged == at_once
    assert at_once[1] == {}


@pytest.mark.parametrize("name", QUERIES)
async def test_a_client_that_does_not_accept_parts_gets_the_whole_response(name: str) -> None:
    gateway = open_gateway()
    at_once = await gateway.ask(QUERIES[name], later=False)
    whole = await gateway.ask(QUERIES[name], later=True)
    assert whole.headers["content-type"] == "application/json; charset=utf-8"
    assert (whole.data, whole.errors) == (at_once.data, at_once.errors)


async def test_a_cached_document_is_answered_in_parts_and_whole() -> None:
    gateway = open_gateway()
    for _ in range(2):
        assert len(await stream(gateway, QUERIES["edges"], later=True)) > 1
        assert len((await gateway.data(QUERIES["edges"], later=True))["links"]["edges"]) == 5


def put(data: Any, path: list[Any], value: Any) -> None:
    """As clients do that know no ids: at its path, into what is there."""
    *steps, last = path
    for step in steps:
        data = data[step]
    if isinstance(data, list) and last == len(data):
        data.append(value)
    elif isinstance(value, dict) and isinstance(data[last], dict):
        for name, inner in value.items():
            data[last].setdefault(name, inner)
            put(data[last], [name], inner)
    else:
        data[last] = value


@pytest.mark.parametrize("name", QUERIES)
async def test_a_client_can_merge_the_parts_by_their_paths_alone(name: str) -> None:
    gateway = open_gateway()
    at_once = await gateway.ask(QUERIES[name], later=False)
    first, *rest = (part.content for part in await stream(gateway, QUERIES[name], later=True))
    merged = {"data": first["data"]}
    for piece in (piece for part in rest for piece in part.get("incremental", [])):
        if "items" in piece:
            *path, place = piece["path"]
            for later, item in enumerate(piece["items"], place):
                put(merged, ["data", *path, later], item)
        else:
            put(merged, ["data", *piece["path"]], piece["data"])
    assert merged["data"] == at_once.data


@pytest.mark.parametrize("name", QUERIES)
async def test_a_part_has_no_null_members(name: str) -> None:
    for part in await stream(open_gateway(), QUERIES[name], later=True):
        assert part.content.keys() <= {"data", "errors", "pending", "incremental", "completed", "hasNext"}
        assert None not in part.content.values()


@pytest.mark.parametrize("broken", ["picsee", "shortenworld", "tinycc"])
@pytest.mark.parametrize("name", ["links", "accounts", "root"])
async def test_the_errors_of_the_parts_equal_those_of_the_whole_response(name: str, broken: str) -> None:
    gateway = open_gateway()
    gateway.break_provider(broken, "reset")
    at_once, merged = await both_ways(gateway, QUERIES[name])
    assert merged == at_once
    assert set(at_once[1].values()) <= {"UNAVAILABLE"}


@pytest.mark.parametrize("fault_name", FAULTS)
async def test_an_error_within_a_deferred_part_is_in_that_part(fault_name: str) -> None:
    gateway, fault = open_gateway(), FAULTS[fault_name]
    fault.inject(gateway, "tinycc")
    query = '{ account(key: "tinycc") { key ... @defer { tags { name } } } accounts { key } }'
    first, *rest = (part.content for part in await stream(gateway, query))
    assert first["data"]["account"] == {"key": "tinycc"}
    assert not first.get("errors")
    (piece,) = rest[-1]["incremental"]
    assert piece["data"] == {"tags": None}
    (error,) = piece["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["account", "tags"], fault.code)


async def test_an_added_error_within_a_deferred_part_is_in_that_part() -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "reset")
    query = '{ account(key: "tinycc") { key ... @defer { quotas { name } } } }'
    _, *rest = (part.content for part in await stream(gateway, query))
    (piece,) = rest[-1]["incremental"]
    assert piece["data"] == {"quotas": []}
    (error,) = piece["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["account", "quotas"], "UNAVAILABLE")


async def test_a_wrong_argument_within_a_deferred_part_is_an_error_of_that_part() -> None:
    query = '{ account(key: "tinycc") { key ... @defer { links(first: 0) { nodes { id } } } } }'
    parts = await stream(open_gateway(), query)
    data, errors = merge_parts(parts)
    assert data == {"account": {"key": "tinycc"}}
    assert [error["extensions"]["code"] for error in errors] == ["INVALID_INPUT"]


async def test_a_slow_vendor_does_not_hold_back_a_fast_one() -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "delay", seconds=5)
    query = """{
      slow: account(key: "tinycc") { ... @defer { tags { name } } }
      fast: account(key: "shortenworld") { ... @defer { teams { name } } }
    }"""
    parts = await stream(gateway, query)
    came = {tuple(piece["path"]): part.at for part in parts for piece in part.content.get("incremental") or []}
    assert parts[0].at < 1
    assert came["fast",] < 1
    assert 5 <= came["slow",] < 6


async def test_deferred_parts_end_at_the_operations_deadline() -> None:
    gateway = open_gateway(deadline_seconds=3)
    gateway.break_provider("tinycc", "delay", seconds=600)
    parts = await stream(gateway, '{ account(key: "tinycc") { key ... @defer { tags { name } } } }')
    _, errors = merge_parts(parts)
    assert [error["extensions"]["code"] for error in errors] == ["TIMEOUT"]
    assert 3 <= parts[-1].at < 4


async def test_only_the_last_part_says_that_nothing_follows() -> None:
    parts = await stream(open_gateway(), QUERIES["accounts"], later=True)
    assert [part.content["hasNext"] for part in parts] == [*[True] * (len(parts) - 1), False]
    assert len(parts) > 2


@pytest.mark.parametrize("name", QUERIES)
async def test_a_response_in_parts_makes_the_same_calls(name: str) -> None:
    at_once, in_parts = open_gateway(), open_gateway()
    await at_once.data(QUERIES[name], later=False)
    await stream(in_parts, QUERIES[name], later=True)
    assert {key: sorted(calls) for key, calls in in_parts.calls().items()} == {
        key: sorted(calls) for key, calls in at_once.calls().items()
    }
