"""`linkweave listen` and `linkweave unlisten`: the commands."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from linkweave.cli.gateway.client import GatewayClient, error_line
from linkweave.cli.gateway.opening import open_client
from linkweave.cli.gateway.options import gateway_options
from linkweave.cli.options import or_exit

LISTEN: Final = """mutation ($account: ID!, $publicUrl: URL) {
  result: listen(account: $account, publicUrl: $publicUrl) {
    url placed instructions signingSecret errors { message code }
  }
}"""
UNLISTEN: Final = """mutation ($account: ID!, $publicUrl: URL) {
  result: unlisten(account: $account, publicUrl: $publicUrl) { removed instructions errors { message code } }
}"""

_ACCOUNT: Final = click.option("--account", required=True, help="The account whose provider sends webhooks.")
_PUBLIC_URL: Final = click.option(
    "--public-url", help="The address by which the provider reaches the gateway; server.public_url by default."
)


@click.command("listen")
@gateway_options
@_ACCOUNT
@_PUBLIC_URL
def listen_command(url: str | None, config: Path | None, account: str, public_url: str | None) -> None:
    """Let a provider tell the gateway by webhooks what happens to links.

    Makes the webhooks over the provider's API. Where there is none, prints the address to enter at the provider.
    The address is a secret. The configuration needs a secret in [hooks].
    """
    client = or_exit(lambda: open_client(url, config, os.environ))

    async def run() -> bool:
        async with client as gateway:
            return show_listening(await send(gateway, LISTEN, account, public_url))

    sys.exit(0 if or_exit(lambda: asyncio.run(run())) else 1)


@click.command("unlisten")
@gateway_options
@_ACCOUNT
@_PUBLIC_URL
def unlisten_command(url: str | None, config: Path | None, account: str, public_url: str | None) -> None:
    """Take away the webhooks that `linkweave listen` has made at a provider. Webhooks of others stay."""
    client = or_exit(lambda: open_client(url, config, os.environ))

    async def run() -> bool:
        async with client as gateway:
            return show_end(await send(gateway, UNLISTEN, account, public_url))

    sys.exit(0 if or_exit(lambda: asyncio.run(run())) else 1)


async def send(gateway: GatewayClient, document: str, account: str, public_url: str | None) -> Mapping[str, Any]:
    """Returns the result of a mutation.

    Raises:
        ClickException: the gateway does not answer it.
    """
    answer = await gateway.send(document, {"account": account, "publicUrl": public_url})
    if answer.errors:
        raise click.ClickException("; ".join(error_line(error) for error in answer.errors))
    result: Mapping[str, Any] = answer.data["result"]
    return result


def show_listening(result: Mapping[str, Any]) -> bool:
    """Prints what became of the webhooks. Returns whether nothing failed."""
    if result["placed"]:
        click.echo("The provider sends its webhooks to the gateway.")
    elif result["url"] is not None:
        click.echo(result["url"])
    if result["signingSecret"] is not None:
        click.echo(f'Add this to the account; it is shown only now: webhook_secret = "{result["signingSecret"]}"')
    return _show_rest(result)


def show_end(result: Mapping[str, Any]) -> bool:
    """Prints how many webhooks were taken away. Returns whether nothing failed."""
    click.echo(
        "1 webhook was taken away." if result["removed"] == 1 else f"{result['removed']} webhooks were taken away."
    )
    return _show_rest(result)


def _show_rest(result: Mapping[str, Any]) -> bool:
    if result["instructions"] is not None:
        click.echo(result["instructions"], err=True)
    for error in result["errors"]:
        click.echo(f"{error['message']} ({error['code']})", err=True)
    return not result["errors"]
