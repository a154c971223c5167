"""GraphiQL, introspection and suggestions are on if only this machine has access, or by a setting."""

from collections.abc import Mapping

import httpx2
import pytest

from harness.gateway import Gateway, open_gateway
from linkweave.edge.graphiql import GRAPHIQL
from linkweave.settings import ServerSettings

SWITCHES = ("graphiql", "introspection", "suggestions")
ASSET = next((GRAPHIQL.static / "assets").glob("*.js")).name


def switched(*, on: bool) -> Gateway:
    return open_gateway(server=dict.fromkeys(SWITCHES, on))


async def get(gateway: Gateway, path: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    async with gateway.client() as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize(
    ("host", "on"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.5", False),
        ("example.com", False),
    ],
)
def test_without_a_setting_exploring_is_on_only_on_loopback(host: str, on: bool) -> None:
    server = ServerSettings(host=host)
    assert (server.serves_graphiql, server.allows_introspection, server.allows_suggestions) == (on, on, on)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.5"])
@pytest.mark.parametrize("on", [True, False])
def test_a_setting_holds_on_every_address(host: str, on: bool) -> None:
    server = ServerSettings(host=host, graphiql=on, introspection=on, suggestions=on)
    assert (server.serves_graphiql, server.allows_introspection, server.allows_suggestions) == (on, on, on)


@pytest.mark.parametrize("on", [True, False])
async def test_graphiql_is_served_or_not(on: bool) -> None:
    gateway = switched(on=on)
    page = await get(gateway, "/graphql", {"accept": "text/html"})
    asset = await get(gateway, f"/graphiql/assets/{ASSET}")
    assert (page.status_code, asset.status_code) == ((200, 200) if on else (404, 404))
    assert ("<html" in page.text) is on
    assert ("server.graphiql is off" in page.text) is not on


async def test_without_graphiql_and_introspection_queries_still_run() -> None:
    assert await switched(on=False).data("{ __typename accounts { __typename } }") == await switched(on=True).data(
        "{ __typename accounts { __typename } }"
    )


async def test_without_introspection_the_schema_is_not_returned() -> None:
    reply = await switched(on=True).ask('{ __type(name: "Link") { name } }')
    hidden = await switched(on=False).ask('{ __type(name: "Link") { name } }')
    assert reply.data == {"__type": {"name": "Link"}}
    assert hidden.data is None
    assert hidden.codes == ["INVALID_INPUT"]


WRONG = [
    ("{ acounts { key } }", {}),
    ("{ accounts { kei } }", {}),
    ("{ links(frst: 1) { nodes { id } } }", {}),
    ("{ links(filter: {acounts: []}) { nodes { id } } }", {}),
    ("{ links(filter: {origin: APII}) { nodes { id } } }", {}),
    ("{ ... on Accont { key } }", {}),
    ("query ($f: LinkFiltr) { links(filter: $f) { nodes { id } } }", {}),
    ("query ($f: LinkFilter) { links(filter: $f) { nodes { id } } }", {"f": {"acounts": []}}),
    ("query ($f: LinkFilter) { links(filter: $f) { nodes { id } } }", {"f": {"origin": "APII"}}),
    ("query ($f: LinkFilter = {acounts: []}) { links(filter: $f) { nodes { id } } }", {}),
    ('{ links(filter: {origin: "API"}) { nodes { id } } }', {}),
    ("{ accounts @skip(iff: true) { key } }", {}),
    ("{ accounts }", {}),
]


@pytest.mark.parametrize(("query", "variables"), WRONG)
async def test_without_suggestions_errors_name_nothing_similar(query: str, variables: dict[str, object]) -> None:
    reply = await switched(on=True).ask(query, **variables)
    hidden = await switched(on=False).ask(query, **variables)
    assert any("Did you mean" in error["message"] for error in reply.errors)
    assert hidden.errors
    assert not any("Did you mean" in error["message"] for error in hidden.errors)
