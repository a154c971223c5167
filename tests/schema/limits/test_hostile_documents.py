"""A document over a limit is rejected with little work, and the error names the limit."""

import sys
from typing import Any

import pytest

from harness.gateway import open_gateway
from harness.hostile_documents import HOSTILE
from harness.served_documents import extensions, served

# Maximum number of function calls. It does not depend on the machine. A slow one takes less than 100 ms for it.
MOST_WORK = 1_500_000


def work(text: str) -> int:
    """How many functions are called to read a document."""
    called = 0
    reader = served()

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal called
        called += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        reader(text)
    finally:
        sys.setprofile(before)
    return called


@pytest.mark.parametrize(("text", "limit"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_is_rejected_with_the_limit_that_it_exceeds(text: str, limit: str | None) -> None:
    errors = served()(text).errors
    assert errors
    assert {extensions(error)["code"] for error in errors} == {"INVALID_INPUT"}
    limits = {each["name"]: each for error in errors if (each := extensions(error).get("limit"))}
    assert (limit in limits) if limit is not None else not limits
    assert all(each["value"] > each["max"] for each in limits.values())


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE.values()], ids=HOSTILE.keys())
def test_a_hostile_document_is_rejected_with_little_work(text: str) -> None:
    assert work(text) < MOST_WORK


async def test_a_limit_error_has_the_limit_the_numbers_the_position_and_a_remedy() -> None:
    reply = await open_gateway().ask("{\n" + "links { nodes { account { " * 6 + "key" + " } } }" * 6 + "\n}")
    assert reply.data is None
    assert reply.error == {
        "message": "The request has 19 levels of fields; at most 15 are allowed (limits.depth). "
        "Continue from a node's id in another operation.",
        "locations": [{"line": 2, "column": 157}],
        "extensions": {"code": "INVALID_INPUT", "limit": {"name": "depth", "value": 19, "max": 15}},
    }


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE.values()], ids=HOSTILE.keys())
async def test_a_hostile_document_is_a_bad_request(text: str) -> None:
    async with open_gateway().client() as client:
        accept = {"accept": "application/graphql-response+json"}
        response = await client.post("/graphql", json={"query": text}, headers=accept)
    assert response.status_code == (413 if len(text) > 1_000_000 else 400)
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"INVALID_INPUT"}
    assert "data" not in response.json()
