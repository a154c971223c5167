"""`linkweave mcp`: the command."""

import asyncio
import os
from pathlib import Path

import click
import graphql
import uvicorn

from linkweave.cli.gateway.client import GatewayClient
from linkweave.cli.gateway.opening import Background, open_client
from linkweave.cli.gateway.options import gateway_options
from linkweave.cli.mcp.tools import Tool, shipped_tools, tools_of
from linkweave.cli.options import PORT, or_exit
from linkweave.errors import ConfigurationError
from linkweave.schema.build import build_schema
from linkweave.settings import is_loopback


@click.command("mcp")
@gateway_options
@click.option("--write", is_flag=True, help="Offer tools that write, too. Without it an agent can only read.")
@click.option(
    "--documents",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="A folder of documents (.graphql) that are offered beside the tools of Linkweave.",
)
@click.option("--http", "port", type=PORT, help="Serve streamable HTTP at this port, instead of standard input.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on, with --http.")
def mcp_command(
    url: str | None, config: Path | None, write: bool, documents: Path | None, port: int | None, host: str
) -> None:
    """Offer tools to agents over the Model Context Protocol.

    Each tool is a GraphQL document: finding links, top links, clicks, creating. Over standard input, the variable
    LINKWEAVE_TOKEN has the token for the gateway of --url. With --http, each request brings its own token, and the
    gateway answers with the rights of that token.
    """
    if port is not None and config is not None and not is_loopback(host):
        raise click.UsageError(
            f"With --config every client has full access, and {host} is not a loopback address. "
            "Name a gateway with --url."
        )
    tools = or_exit(lambda: _tools(documents, write=write))
    environment = {} if port is not None and url else os.environ
    client = or_exit(lambda: open_client(url, config, environment, Background(keeps_in_step=True, works_on_jobs=True)))

    async def run() -> None:
        async with client as gateway:
            await (_serve_stdio(tools, gateway) if port is None else _serve_http(tools, gateway, host, port))

    asyncio.run(run())


def _tools(documents: Path | None, *, write: bool) -> list[Tool]:
    """Returns the tools to offer.

    Raises:
        ConfigurationError: the extra is not installed, or a document is no tool.
    """
    try:
        import mcp  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise ConfigurationError("linkweave mcp needs the extra: pip install 'linkweave[mcp]'") from None
    schema = graphql.build_schema(build_schema().as_str())
    found = {tool.name: tool for tool in shipped_tools(schema)}
    found |= {tool.name: tool for tool in ([] if documents is None else tools_of(documents, schema))}
    return [tool for tool in found.values() if write or not tool.is_write]


async def _serve_stdio(tools: list[Tool], gateway: GatewayClient) -> None:
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 - an extra

    from linkweave.cli.mcp.server import build_server, send_through  # noqa: PLC0415 - needs the extra

    server = build_server(tools, send_through(gateway))
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


async def _serve_http(tools: list[Tool], gateway: GatewayClient, host: str, port: int) -> None:
    from linkweave.cli.mcp.server import build_server, send_through  # noqa: PLC0415 - needs the extra

    # Without a session there is nothing that a request could have left behind for the next one's rights.
    app = build_server(tools, send_through(gateway)).streamable_http_app(
        stateless_http=True, json_response=True, host=host
    )
    click.echo(f"Linkweave offers {len(tools)} tools at http://{host}:{port}/mcp", err=True)
    await uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning", ws="none")).serve()
