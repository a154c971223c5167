"""An agent at `linkweave mcp`, over a gateway in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import click
import graphql
import httpx2
import mcp_types
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from harness.gateway import open_gateway
from linkweave.cli.gateway.client import Answer, GatewayClient
from linkweave.cli.mcp.server import build_server, send_through
from linkweave.cli.mcp.tools import shipped_tools
from linkweave.schema.build import build_schema

TOOLS = shipped_tools(graphql.build_schema(build_schema().as_str()))
TOKEN_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MISSING = "https://tiny.cc/none"
ADDRESS = "http://127.0.0.1:8080/mcp"
CLIENT = {"name": "agent", "token_sha256": TOKEN_HASH, "accounts": ["tinycc"]}


@asynccontextmanager
async def gateway_client(**sections: Any) -> AsyncIterator[GatewayClient]:
    gateway = open_gateway(sections=sections)
    transport = httpx2.ASGITransport(app=gateway.app)
    async with httpx2.AsyncClient(transport=transport) as http:
        yield GatewayClient(http, "http://127.0.0.1/graphql")


@asynccontextmanager
async def agent() -> AsyncIterator[Client]:
    """An agent that speaks to the server in this process, without a socket."""
    async with gateway_client() as gateway, Client(build_server(TOOLS, send_through(gateway))) as client:
        yield client


def said(result: mcp_types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, mcp_types.TextContent)
    return content.text


async def test_an_agent_finds_the_tools_and_what_each_may_do() -> None:
    async with agent() as client:
        listed = (await client.list_tools()).tools
        assert [each.name for each in listed] == [each.name for each in TOOLS]
        hints = {each.name: each.annotations.read_only_hint for each in listed if each.annotations}
        assert (hints["find_links"], hints["create_link"]) == (True, False)


async def test_tools_that_read_are_answered() -> None:
    async with agent() as client:
        for name, given in (("accounts", {}), ("clicks", {}), ("find_links", {}), ("link", {"shortUrl": MISSING})):
            result = await client.call_tool(name, given)
            assert not result.is_error, (name, said(result))
            assert result.structured_content["data"], name


async def test_without_a_catalog_a_tool_says_what_is_missing() -> None:
    async with agent() as client:
        for name, given in (("top_links", {}), ("clicks_by", {"group": "TAG"}), ("duplicates", {})):
            result = await client.call_tool(name, given)
            assert (result.is_error, "[catalog]" in said(result)) == (True, True), said(result)


async def test_a_link_is_created_and_found() -> None:
    link = {"accounts": ["tinycc"], "destination": "https://agents.example/page", "tags": ["agents"]}
    async with agent() as client:
        made = (await client.call_tool("create_link", {"input": link})).structured_content["data"]["createLink"]
        assert (made["created"], made["errors"]) == (True, [])
        found = (await client.call_tool("find_links", {"tags": ["agents"]})).structured_content["data"]["links"]
        assert [each["shortUrl"] for each in found["nodes"]] == [made["link"]["shortUrl"]]


async def test_what_went_wrong_is_told_in_words() -> None:
    async with agent() as client:
        unknown = await client.call_tool("no_tool", {})
        assert (unknown.is_error, said(unknown)[:26]) == (True, "'no_tool' is not a tool; t")
        missing = await client.call_tool("link", {})
        assert missing.is_error
        assert "$shortUrl" in said(missing)
        for name, known in (("find_links", "the arguments are: "), ("accounts", "it has no arguments")):
            misspelt = await client.call_tool(name, {"tag": "spring"})
            assert misspelt.is_error
            assert said(misspelt).startswith(f"{name} has no argument 'tag'; {known}")


async def test_an_unreachable_gateway_is_told() -> None:
    async def send(_: str, __: dict[str, Any], ___: str | None) -> Answer:
        raise click.ClickException("the gateway cannot be reached")

    async with Client(build_server(TOOLS, send)) as client:
        result = await client.call_tool("accounts", {})
        assert (result.is_error, said(result)) == (True, "the gateway cannot be reached")


async def test_over_http_each_request_has_the_rights_of_its_own_token() -> None:
    async with gateway_client(clients=[CLIENT]) as gateway:
        app = build_server(TOOLS, send_through(gateway)).streamable_http_app(stateless_http=True, json_response=True)
        async with app.router.lifespan_context(app):
            for headers, is_error, words in (
                ([(b"authorization", b"Bearer test")], False, '"key":"tinycc"'),
                ([], True, "requires authentication"),
                ([(b"authorization", b"Bearer lw_\xe9")], True, "characters that no token has"),
            ):
                http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), headers=headers)
                async with http, Client(streamable_http_client(ADDRESS, http_client=http)) as client:
                    result = await client.call_tool("accounts", {})
                    assert (result.is_error, words in said(result)) == (is_error, True)
