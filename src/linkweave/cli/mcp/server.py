"""The MCP server: lists the tools, and runs them at the gateway with the rights of whoever calls."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Final, TypeAlias

import click
import mcp_types as mcp
import orjson
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server

from linkweave.cli.gateway.client import Answer, GatewayClient, error_line, fits_a_header
from linkweave.cli.mcp.tools import Tool

# Sends a document with variables. The last argument is the Authorization header of the agent's request, over HTTP.
Send: TypeAlias = Callable[[str, dict[str, Any], str | None], Awaitable[Answer]]

INSTRUCTIONS: Final = (
    "Linkweave is one gateway over several URL shorteners. An account is one login at one vendor. "
    "A number that is null is not known; `complete: false` and `errors` say what is missing. Never add up numbers "
    "of different measures or periods. IDs are opaque: pass them on as they are."
)


def send_through(gateway: GatewayClient) -> Send:
    """Returns a sender to `gateway`: each operation has the rights of the token in the agent's own request."""

    async def send(document: str, variables: dict[str, Any], authorization: str | None) -> Answer:
        headers = {} if authorization is None else {"authorization": authorization}
        return await replace(gateway, headers=headers).send(document, variables)

    return send


def build_server(tools: Iterable[Tool], send: Send) -> Server[Any]:
    """Returns a server that has `tools`, and runs them with `send`."""
    known = {tool.name: tool for tool in tools}
    listed = [_listed(tool) for tool in known.values()]

    async def list_tools(_: ServerRequestContext[Any], __: mcp.PaginatedRequestParams | None) -> mcp.ListToolsResult:
        return mcp.ListToolsResult(tools=listed)

    async def call_tool(context: ServerRequestContext[Any], call: mcp.CallToolRequestParams) -> mcp.CallToolResult:
        tool = known.get(call.name)
        if tool is None:
            return _failure(f"{call.name!r} is not a tool; the tools are: {', '.join(known)}")
        authorization = _authorization(context)
        if authorization and not fits_a_header(authorization):
            return _failure("The Authorization header has characters that no token has.")
        if unknown := _unknown_arguments(tool, call.arguments or {}):
            return _failure(unknown)
        return await _run(tool, call.arguments or {}, authorization, send)

    return Server(
        "linkweave",
        version=version("linkweave"),
        title="Linkweave",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _listed(tool: Tool) -> mcp.Tool:
    hints = mcp.ToolAnnotations(read_only_hint=not tool.is_write, open_world_hint=True)
    return mcp.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        annotations=hints,
    )


def _unknown_arguments(tool: Tool, arguments: dict[str, Any]) -> str:
    """Names the arguments that `tool` does not have, or returns an empty text."""
    # GraphQL ignores variables that a document does not declare: a misspelt filter would find all links.
    known = tool.input_schema.get("properties", {})
    unknown = [name for name in arguments if name not in known]
    if not unknown:
        return ""
    allowed = f"the arguments are: {', '.join(known)}" if known else "it has no arguments"
    return f"{tool.name} has no argument {', '.join(map(repr, unknown))}; {allowed}"


async def _run(tool: Tool, variables: dict[str, Any], authorization: str | None, send: Send) -> mcp.CallToolResult:
    try:
        answer = await send(tool.document, variables, authorization)
    except click.ClickException as error:
        return _failure(error.format_message())
    if answer.data is None:
        return _failure("\n".join(map(error_line, answer.errors)))
    text = mcp.TextContent(type="text", text=orjson.dumps(answer.body).decode())
    return mcp.CallToolResult(content=[text], structured_content=dict(answer.body))


def _failure(message: str) -> mcp.CallToolResult:
    return mcp.CallToolResult(content=[mcp.TextContent(type="text", text=message)], is_error=True)


def _authorization(context: ServerRequestContext[Any]) -> str | None:
    """Returns the Authorization header of the agent's own request. There is none over standard input and output."""
    return None if context.request is None else context.request.headers.get("authorization")
