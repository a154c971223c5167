"""Clients that others wrote, as an application would use them."""

from typing import Any

import pytest

from harness.node_scripts import run_json


def check_errors(results: Any) -> None:
    """Both are told as GraphQL's errors: what was not executed, and what failed when it was."""
    assert results["invalid"]["codes"] == ["INVALID_INPUT"]
    assert results["wrong"]["codes"] == ["INVALID_INPUT"]


def check_created(payload: Any, client: str) -> None:
    assert (payload["created"], payload["errors"]) == (True, [])
    assert payload["link"]["destination"] == f"https://www.example.com/{client}"


def test_apollo_client(demo_address: str) -> None:
    results = run_json("apollo.js", demo_address)
    edges = results["query"]["links"]["edges"]
    assert len({edge["node"]["shortUrl"] for edge in edges}) == 3
    assert results["query"]["links"]["pageInfo"]["hasNextPage"] is True
    check_errors(results)
    assert results["invalid"]["known"] is results["wrong"]["known"] is True
    check_created(results["mutation"]["createLink"], "apollo")
    # It merges an answer in parts, of today's format and of the one before.
    for states in (results["deferred"], results["deferredAsIn2022"]):
        assert [state["dataState"] for state in states] == ["empty", "streaming", "complete"]
        _, first, last = (state.get("data") for state in states)
        assert first["account"].keys() == {"__typename", "id", "key"}
        assert first["account"].items() <= last["account"].items()
        assert len(last["account"]["tags"]) > 10


def test_urql(demo_address: str) -> None:
    results = run_json("urql.js", demo_address)
    for way in ("query", "byAddress"):
        assert len(results[way]["data"]["links"]["nodes"]) == 3
    check_errors(results)
    assert "network" not in results["invalid"]
    check_created(results["mutation"]["data"]["createLink"], "urql")
    # It merges an answer in parts.
    first, *_, last = (state["data"] for state in results["parts"])
    assert len(first["links"]["edges"]) == 1
    cursors = [edge["cursor"] for edge in last["links"]["edges"]]
    assert len(set(cursors)) == 4
    assert cursors[0] == first["links"]["edges"][0]["cursor"]
    assert "tags" not in first["account"]
    assert len(last["account"]["tags"]) > 10


def test_graphql_request(demo_address: str) -> None:
    results = run_json("graphql-request.js", demo_address)
    for way in ("query", "byAddress"):
        assert len(results[way]["links"]["nodes"]) == 3
    check_errors(results)
    assert (results["invalid"]["status"], results["wrong"]["status"]) == (400, 200)
    assert results["invalid"]["known"] is results["wrong"]["known"] is True
    check_created(results["mutation"]["createLink"], "graphql-request")


def test_apollo_client_with_persisted_queries(demo_address: str) -> None:
    results = run_json("apollo-persisted.js", demo_address)
    for way, method in (("body", "POST"), ("address", "GET")):
        assert results[way]["keys"] == ["tinycc", "cuttly"]
        first, whole, second = results[way]["sent"]
        assert first == {"method": method, "whole": False, "status": 400}
        assert whole == {"method": "POST", "whole": True, "status": 200}
        assert second == {"method": method, "whole": False, "status": 200}


@pytest.fixture(scope="module")
def merged(demo_address: str) -> Any:
    """What clients make of an answer in parts, one of which fails: each names its own format, or none."""
    return run_json("incremental.js", demo_address)


@pytest.mark.parametrize("client", ["Defer20220824Handler", "GraphQL17Alpha2Handler", "GraphQL17Alpha9Handler", "urql"])
def test_a_part_that_fails_is_an_error_beside_the_other_parts(client: str, merged: Any) -> None:
    assert merged[client]["codes"] == ["INVALID_INPUT"]
    account = merged[client]["data"]["account"]
    assert account["webhooks"]["nodes"][0]["url"].startswith("https://")
    assert account.keys() >= {"key", "label"}
    assert "links" not in account


def test_apollo_client_3_hears_the_error_of_a_part_and_loses_the_object_that_it_belongs_to(merged: Any) -> None:
    assert merged["apolloClient3"]["codes"] == ["INVALID_INPUT"]
    # Where both parts come together, the part that did not fail is there.
    assert "key" not in (merged["apolloClient3"]["data"]["account"] or {})
