"""A caller is told its name and its scopes, and what is turned on."""

import asyncio
from collections.abc import Mapping

import pytest

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import READER, ROOT, VISIBLE, WRITER, client, open_guarded

VIEWER = "{ viewer { name scopes } }"
FEATURES = "{ gateway { features } }"
CATALOG = {"catalog": {"url": "sqlite:///never-opened.db"}}
HOOKS = {"hooks": {"secret": "a secret for the tests of features"}}


@pytest.mark.parametrize(
    ("token", "viewer"),
    [
        (ROOT, {"name": "root", "scopes": ["READ", "WRITE", "ADMIN"]}),
        (READER, {"name": "reader", "scopes": ["READ"]}),
        (WRITER, {"name": "writer", "scopes": ["READ", "WRITE"]}),
    ],
)
async def test_a_caller_is_told_its_name_and_its_scopes(token: str, viewer: Mapping[str, object]) -> None:
    assert (await open_guarded().bearing(token).data(VIEWER))["viewer"] == viewer


async def test_a_gateway_without_clients_has_one_caller_that_may_do_everything() -> None:
    assert (await open_gateway().data(VIEWER))["viewer"] == {"name": "anonymous", "scopes": ["READ", "WRITE", "ADMIN"]}


@pytest.mark.parametrize(
    "query",
    [VIEWER, "{ ...F } fragment F on Query { ... { viewer { name } } }", "query Who { me: viewer { name } }"],
)
async def test_callers_with_equal_rights_that_ask_at_once_are_told_their_own_names(query: str) -> None:
    names = ("one", "two", "three")
    front = open_guarded([client(name, name, ["read"], VISIBLE) for name in names])

    async def name_of(gateway: Gateway) -> str:
        (viewer,) = (await gateway.data(query)).values()
        return str(viewer["name"])

    told = await asyncio.gather(*(name_of(front.bearing(name)) for name in names))
    assert (*told, await name_of(front.bearing("one"))) == (*names, "one")


@pytest.mark.parametrize(
    ("server", "sections", "features"),
    [
        ({}, {}, ["SUBSCRIPTIONS"]),
        ({"subscriptions": False}, {}, []),
        ({}, HOOKS, ["SUBSCRIPTIONS", "WEBHOOKS"]),
        ({}, CATALOG, ["CATALOG", "SUBSCRIPTIONS"]),
        (
            {},
            {**CATALOG, **HOOKS},
            ["CATALOG", "SUBSCRIPTIONS", "WEBHOOKS", "SUBSCRIBERS"],
        ),
    ],
)
async def test_the_features_are_what_the_configuration_turns_on(
    server: Mapping[str, object], sections: Mapping[str, object], features: list[str]
) -> None:
    gateway = open_gateway(server=server, sections=sections)
    assert (await gateway.data(FEATURES))["gateway"]["features"] == features
    assert gateway.calls() == {}
