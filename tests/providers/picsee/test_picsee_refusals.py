"""PicSee: refused creates, from GraphQL to the emulator."""

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import CREATE, new_link, only_error
from linkweave.testing.virtual_time import in_virtual_time

LIST = '{ account(key: "picsee-main") { links(first: 5) { nodes { shortUrl } } tags { name } } }'


@pytest.mark.parametrize(
    ("fields", "path", "reason"),
    [
        ({"slug": "a b"}, ["input", "slug"], "3 to 90 letters"),
        ({"externalId": "x" * 101}, ["input", "externalId"], "1 to 100 characters"),
        ({"tags": ["a", "b", "c", "d"]}, ["input", "tags"], "more tags"),
        ({"preview": {"title": "ab"}}, ["input", "preview"], "3 to 300 characters"),
    ],
)
@in_virtual_time
async def test_a_refused_create_says_which_field_and_why_and_leaves_the_cache(
    fields: dict[str, object], path: list[str], reason: str
) -> None:
    gateway = open_gateway()
    before = await gateway.data(LIST)
    gateway.forget_calls()
    error = only_error(await gateway.payload(CREATE, input=new_link("picsee-main", **fields)))
    assert (error["code"], error["path"]) == ("REJECTED", path)
    assert reason in error["message"]
    assert await gateway.data(LIST) == before
    assert gateway.calls() == {"picsee": ["POST /v1/links"]}
