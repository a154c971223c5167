"""The client that commands send operations with, against apps behind sockets and against made-up answers."""

import click
import httpx2
import pytest

from harness.gateway import open_gateway
from harness.sockets import served
from linkweave.cli.gateway.client import GatewayClient, error_line
from linkweave.cli.gateway.opening import TOKEN_VARIABLE, open_client

TOKEN_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CLIENT = {"name": "shell", "token_sha256": TOKEN_HASH, "accounts": ["tinycc"]}


async def test_a_running_gateway_answers_at_its_root_and_at_its_endpoint() -> None:
    async with served(open_gateway().app) as (url,):
        for address in (url, f"{url}/", f"{url}/graphql"):
            async with open_client(address, None, {}) as client:
                answer = await client.send(
                    "query($n: String!) { accounts { key } __type(name: $n) { name } }", {"n": "Link"}
                )
            assert answer.errors == ()
            assert [each["key"] for each in answer.data["accounts"]][-1] == "tinycc"


async def test_the_token_of_the_environment_is_sent_and_its_lack_is_explained() -> None:
    async with served(open_gateway(sections={"clients": [CLIENT]}).app) as (url,):
        async with open_client(url, None, {}) as client:
            with pytest.raises(click.ClickException, match=r"requires authentication.*LINKWEAVE_TOKEN"):
                await client.send("{ accounts { key } }")
        async with open_client(url, None, {TOKEN_VARIABLE: "test"}) as client:
            assert (await client.send("{ accounts { key } }")).data == {"accounts": [{"key": "tinycc"}]}


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"errors": ["no"]}', b'{"errors": "no"}', b"\xff"])
async def test_an_address_that_is_no_gateway_is_named(body: bytes) -> None:
    answering = httpx2.MockTransport(lambda _: httpx2.Response(502, content=body, headers={"content-type": "text/x"}))
    async with httpx2.AsyncClient(transport=answering) as http:
        with pytest.raises(click.ClickException, match=r"does not answer as a GraphQL endpoint: HTTP 502, text/x"):
            await GatewayClient(http, "http://gateway/graphql").send("{ accounts { key } }")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ({"message": "no", "path": ["links", 0], "extensions": {"code": "TIMEOUT"}}, "links.0: no (TIMEOUT)"),
        ({"message": "no"}, "no"),
        ({"message": "no", "extensions": "odd", "path": None}, "no"),
    ],
)
def test_an_error_is_one_line(error: dict[str, object], line: str) -> None:
    assert error_line(error) == line


@pytest.mark.parametrize("token", ["lw_…", "lw_a\n"])
def test_a_token_that_no_header_can_hold_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(click.UsageError, match="LINKWEAVE_TOKEN has characters that no token has") as refused:
        open_client("http://127.0.0.1:8000", None, {"LINKWEAVE_TOKEN": token})
    assert token not in str(refused.value)
