"""Costs of operations, as a gateway reports them."""

from collections.abc import Mapping
from typing import Any

from harness.gateway import Gateway, open_gateway

PICSEE, TINYCC, SHORTENWORLD, CUTTLY = "picsee-main", "tinycc", "shortenworld", "cuttly"


def cold_gateway() -> Gateway:
    """The demo's gateway without a cache and with a long deadline."""
    return open_gateway(deadline_seconds=120, sections={"cache": {"enabled": False}})


async def ask(gateway: Gateway, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole answer, with the cost."""
    body = {"query": query, "variables": variables, "extensions": {"cost": True}}
    async with gateway.client() as client:
        answer: dict[str, Any] = (await client.post("/graphql", json=body)).json()
    return answer


async def cost(query: str, variables: Mapping[str, Any] | None = None, gateway: Gateway | None = None) -> int:
    """What an operation costs; by default at the demo's gateway."""
    answer = await ask(gateway or open_gateway(), query, variables)
    calls: int = answer["extensions"]["cost"]["calls"]
    return calls


def calls_made(gateway: Gateway) -> int:
    """Logins are not counted: a token serves many operations."""
    return sum("token" not in call for calls in gateway.calls().values() for call in calls)


async def ids_of(gateway: Gateway, account: str, many: int) -> list[str]:
    """The ids of the first links of an account."""
    query = "query ($n: Int, $of: [ID!]) { links(first: $n, filter: {accounts: $of}) { nodes { id } } }"
    links = (await gateway.data(query, n=many, of=[account]))["links"]["nodes"]
    return [link["id"] for link in links]


def refusal(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The extensions of the one error in an answer."""
    (error,) = answer["errors"]
    return dict(error["extensions"])
