"""A vendor that refuses inside a good answer has written nothing: what is cached of the account stays."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import CREATE, CREATE_MANY, UPDATE, a_new_link, new_link, only_error
from linkweave.testing.virtual_time import in_virtual_time

LISTED = '{ account(key: "tinycc") { links(first: 3) { nodes { shortUrl } } tags { name } } }'
READ = "query ($id: ID!) { link(id: $id) { title destination } }"


async def refused_create(gateway: Gateway) -> Any:
    return await gateway.payload(CREATE, input=new_link("tinycc", slug="card", domain="go.shopdemo.example"))


async def refused_destination(gateway: Gateway) -> Any:
    return await gateway.payload(CREATE, input=new_link("tinycc", destination="https://go.shopdemo.example/card"))


@pytest.mark.parametrize("write", [refused_create, refused_destination])
@in_virtual_time
async def test_a_refused_link_of_tinycc_leaves_the_cache(write: Callable[[Gateway], Any]) -> None:
    gateway = open_gateway()
    before = await gateway.data(LISTED)
    assert only_error(await write(gateway))["code"] in {"CONFLICT", "REJECTED"}
    gateway.forget_calls()
    assert await gateway.data(LISTED) == before
    assert gateway.calls() == {}


@in_virtual_time
async def test_a_batch_with_one_good_link_invalidates_the_cache() -> None:
    gateway = open_gateway()
    await gateway.data(LISTED)
    place = {"domain": "go.shopdemo.example"}
    inputs = [new_link("tinycc", slug="card", **place), new_link("tinycc", slug="brand-new", **place)]
    await gateway.data(CREATE_MANY, inputs=inputs)
    nodes = (await gateway.data(LISTED))["account"]["links"]["nodes"]
    assert nodes[0]["shortUrl"] == "https://go.shopdemo.example/brand-new"


@in_virtual_time
async def test_a_refused_edit_of_cuttly_leaves_the_cache() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "cuttly", slug="our-sale")
    before = await gateway.data(READ, id=link)
    gateway.forget_calls()
    payload = await gateway.payload(UPDATE, input={"id": link, "destination": "https://intranet"})
    assert (only_error(payload)["code"], payload["applied"]) == ("REJECTED", [])
    assert await gateway.data(READ, id=link) == before
    assert len(gateway.calls()["cuttly"]) == 1
