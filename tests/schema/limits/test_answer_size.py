"""The size of an answer is estimated from its document: one that would be too large is refused before any call."""

from typing import Any

import pytest
from graphql import get_introspection_query

from harness.costs import ask, refusal
from harness.gateway import Gateway, open_gateway

LINK = "id slug shortUrl destination title note createdAt account { key } tags { name }"
INTROSPECTION = get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True)
MANY = " ".join(f"a{number}: destination" for number in range(45))
ATTACK = f"{{ accounts {{ links(first: 100) {{ nodes {{ {MANY} }} }} }} }}"


async def estimated(query: str, gateway: Gateway | None = None, **variables: Any) -> int:
    answer = await ask(gateway or open_gateway(), query, variables)
    size: int = answer["extensions"]["cost"]["answerBytes"]
    return size


async def test_an_answer_over_the_limit_is_refused_before_any_call() -> None:
    """800 characters made an answer of 650 kB."""
    gateway = open_gateway()
    answer = await ask(gateway, ATTACK)
    extensions = refusal(answer)
    size = extensions["limit"]["value"]
    assert size > 1_000_000
    assert answer["data"] is None
    assert extensions == {
        "code": "INVALID_INPUT",
        "limit": {"name": "answer_bytes", "value": size, "max": 1_000_000},
        "costliest": "accounts",
    }
    assert answer["errors"][0]["message"] == (
        f"The answer may have {size} bytes; at most 1000000 are allowed (limits.answer_bytes). "
        "Most of them are for accounts. Ask for fewer fields, links (first) or accounts at once."
    )
    assert gateway.calls() == {}


async def test_an_operator_may_allow_more() -> None:
    gateway = open_gateway(sections={"limits": {"answer_bytes": 2_000_000}})
    assert "errors" not in await ask(gateway, ATTACK)


@pytest.mark.parametrize(
    "query",
    [
        f"{{ links(first: 100) {{ nodes {{ {LINK} }} }} }}",
        f"{{ links(first: 100) {{ edges {{ cursor node {{ {LINK} }} }} sources {{ status }} }} }}",
        "{ accounts { key id provider { id name } } }",
        "{ accounts { key links(first: 20) { nodes { id shortUrl } } } }",
        "{ providers { id name capabilities } }",
        "{ links(first: 20) { nodes { shortUrl qrCode { svg } } } }",
        INTROSPECTION,
    ],
)
async def test_the_estimate_is_near_the_answer(query: str) -> None:
    gateway = open_gateway()
    async with gateway.client() as client:
        real = len((await client.post("/graphql", json={"query": query})).content)
    assert real / 2 < await estimated(query, gateway) < 8 * real


async def test_the_estimate_follows_variables() -> None:
    query = "query ($n: Int = 50) { links(first: $n) { nodes { id } } }"
    one, fifty, hundred = await estimated(query, n=1), await estimated(query), await estimated(query, n=100)
    assert one < fifty / 20
    assert hundred == pytest.approx(2 * fifty, rel=0.1)
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Link { slug } ... on Account { key } } }"
    few, many = [await estimated(nodes, ids=[f"id{each}" for each in range(count)]) for count in (1, 100)]
    assert many > 20 * few


async def test_fields_that_are_not_selected_do_not_count() -> None:
    query = "query ($i: Boolean!) { links(first: 100) { nodes { id ... @include(if: $i) { destination } } } }"
    assert await estimated(query, i=False) < await estimated(query, i=True) / 1.5


async def test_a_field_that_is_selected_twice_counts_once() -> None:
    plain = "{ links(first: 10) { nodes { id slug } } }"
    fragments = "fragment A on Link { id slug } fragment B on Link { slug }"
    overlapping = "{ links(first: 10) { nodes { id ...A ...B } } } "
    assert await estimated(overlapping + fragments) == await estimated(plain)


async def test_of_several_types_that_an_object_may_have_the_largest_counts() -> None:
    links = 'nodes(ids: ["a", "b"]) { id ... on Link { slug destination } }'
    both = links.removesuffix("}") + "... on Account { key } }"
    assert await estimated(f"{{ {both} }}") == await estimated(f"{{ {links} }}")


@pytest.mark.parametrize("first", [-5, 10**12])
async def test_a_page_that_is_not_allowed_has_an_estimate_all_the_same(first: int) -> None:
    query = f"{{ links(first: {min(first, 2**31 - 1)}) {{ nodes {{ id }} }} }}"
    assert 0 < await estimated(query) < 100_000
