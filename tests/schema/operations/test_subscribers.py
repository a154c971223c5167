"""Subscribers as their clients make, see, try and delete them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from harness.catalog_gateway import ALONE, CatalogGateway, open_catalog_gateway
from harness.jwt_issuer import CLAIMS, ec_key, jwk, key_set, token
from linkweave.edge.auth.client_tokens import client_rights
from linkweave.gather.rights import Rights
from linkweave.settings import Scope, from_table
from linkweave.testing.gateway import Gateway, open_gateway

HOOKS: Final = {"secret": "a secret for the tests of subscribers"}
URL: Final = "https://93.184.216.34/in"
ALL: Final = (
    "{ subscribers { id url events state error waiting lastDeliveredAt nextAttemptAt failingSince createdAt } }"
)
MAKE: Final = """mutation ($input: CreateSubscriberInput!) { payload: createSubscriber(input: $input) {
  secret subscriber { id } errors { code message path } } }"""
CREATE: Final = """mutation { createLink(input: { accounts: ["tinycc"], destination: "https://example.com/told" }) {
  errors { message } } }"""


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[CatalogGateway]:
    async with open_catalog_gateway(sqlite_url, hooks=HOOKS) as opened:
        yield opened


async def make(gateway: Gateway, **given: object) -> Any:
    return await gateway.payload(MAKE, input={"url": URL, "events": ["LINK_CREATED"], **given})


async def test_a_subscriber_is_made_seen_tried_and_deleted(world: CatalogGateway) -> None:
    gateway = world.gateway
    made = await make(gateway, filter={"accounts": ["tinycc"]})
    assert made["errors"] == []
    assert made["secret"].startswith("whsec_")
    await gateway.data(CREATE)
    # The event is stored behind the answer. Each look gives the database time.
    for _ in range(200):
        (shown,) = (await gateway.data(ALL))["subscribers"]
        if shown["waiting"]:
            break
    assert (shown["url"], shown["events"], shown["state"], shown["waiting"]) == (URL, ["LINK_CREATED"], "ACTIVE", 1)
    tried = await gateway.payload(
        "mutation ($id: ID!) { payload: testSubscriber(id: $id) { delivered status error errors { code } } }",
        id=shown["id"],
    )
    # The sandbox has nothing at this address.
    assert tried == {"delivered": False, "status": 404, "error": "it answered with HTTP 404", "errors": []}
    alone = gateway.bearing(ALONE)
    assert (await alone.data(ALL))["subscribers"] == []
    for mutation, state in (("resumeSubscriber", "ACTIVE"), ("deleteSubscriber", None)):
        query = f"mutation ($id: ID!) {{ payload: {mutation}(id: $id) {{ subscriber {{ state }} errors {{ code }} }} }}"
        payload = await gateway.payload(query, id=shown["id"])
        assert payload == {"subscriber": state and {"state": state}, "errors": []}
    assert (await gateway.data(ALL))["subscribers"] == []
    again = await gateway.payload(query, id=shown["id"])
    assert [error["code"] for error in again["errors"]] == ["INVALID_INPUT"]


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"url": "http://93.184.216.34/"}, ["input", "url"], "https"),
        ({"url": "https://10.0.0.1/"}, ["input", "url"], "private"),
        ({"events": []}, ["input", "events"], "at least one"),
        ({"filter": {"teams": ["x"]}}, ["input", "filter", "teams"], "cannot"),
        ({"filter": {"accounts": ["nobody"]}}, ["input", "filter", "accounts"], "nobody"),
        ({"filter": {"providers": ["dub"]}}, ["input", "filter", "providers"], "dub"),
    ],
)
async def test_a_wrong_input_names_its_field(
    world: CatalogGateway, given: dict[str, object], path: list[str], message: str
) -> None:
    made = await make(world.gateway, **given)
    (error,) = made["errors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", path)
    assert message in error["message"]
    assert made["secret"] is None


async def test_without_a_catalog_a_secret_or_a_lasting_client_there_are_no_subscribers(sqlite_url: str) -> None:
    (error,) = (await make(open_gateway(sections={"hooks": HOOKS})))["errors"]
    assert (error["code"], "[catalog]" in error["message"]) == ("UNSUPPORTED", True)
    async with open_catalog_gateway(sqlite_url) as world:
        (error,) = (await make(world.gateway))["errors"]
        assert (error["code"], "[hooks]" in error["message"]) == ("UNSUPPORTED", True)
    clients = ({"name": "known", "token_sha256": "0" * 64, "scopes": ["read"], "accounts": ["tinycc"]},)
    account = {"key": "tinycc", "provider": "tinycc", "username": "u", "api_key": "k"}
    settings = from_table({"accounts": [account], "clients": clients}, "demo")
    assert client_rights(settings, "known") == Rights(frozenset({Scope.READ}), frozenset({"tinycc"}))
    assert client_rights(settings, "jwt:somebody") is client_rights(settings, "anonymous") is None


async def test_the_bearer_of_a_json_web_token_is_told_who_can_make_subscribers(sqlite_url: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(key_set(jwk(ec_key(), "c")))
    issuer = {"issuer": CLAIMS["iss"], "audience": CLAIMS["aud"], "algorithms": ["ES256"], "jwks": str(keys)}
    async with open_catalog_gateway(sqlite_url, hooks=HOOKS, jwt=issuer) as world:
        bearer = token(ec_key(), "c", "ES256", scope="read write")
        (error,) = (await make(world.gateway.bearing(bearer)))["errors"]
        assert (error["code"], "[[clients]]" in error["message"]) == ("FORBIDDEN", True)
