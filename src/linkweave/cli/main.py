"""The command line."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import click

from linkweave.accounts import check_accounts, open_accounts
from linkweave.app import GRAPHQL_PATH
from linkweave.cli import tables
from linkweave.cli.check import check
from linkweave.cli.new_provider import new_provider_command
from linkweave.cli.token import token_command
from linkweave.clock import SystemClock
from linkweave.edge.auth.setup import local_keys
from linkweave.edge.persisted_queries.setup import check_manifest
from linkweave.errors import ConfigurationError
from linkweave.observability import configure_logging
from linkweave.providers.discovery import discover
from linkweave.runtime.process import Process, open_process
from linkweave.schema.build import build_schema
from linkweave.server import run as server
from linkweave.server.reload import (
    ConfigurationSource,
    GatewayService,
    GatewayWorkers,
    checked_accounts,
    open_metrics_directory,
)
from linkweave.server.supervisor import run_workers
from linkweave.settings import LogSettings, Settings, load
from linkweave.transport.http.connections import Connector

T = TypeVar("T")

PORT: Final = click.IntRange(0, 65535)
OTHER_PORT: Final = "choose another port with --port"

# \b keeps click from joining the lines.
EXAMPLE: Final = """\b
A configuration file starts like this:
  [[accounts]]
  key = "picsee-main"
  provider = "picsee"
  plan = "basic"
  token = "${PICSEE_TOKEN}"    # read from the environment
"""


class ConfigFile(click.Path):
    """The path of the configuration file. Its error says how to write one."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """Returns what click prints if the option is missing."""
        return (
            "Name the TOML file with your accounts; `linkweave serve --help` shows how one starts, "
            "docs/configuration.md has every key. Without accounts of your own, try: linkweave demo"
        )


config_option = click.option(
    "--config",
    type=ConfigFile(dir_okay=False, path_type=Path),
    required=True,
    help="The configuration file (TOML). docs/configuration.md describes every key.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linkweave", prog_name="linkweave")
def main() -> None:
    """One GraphQL endpoint over the URL shorteners and upload services you already use.

    Try it without any account or key: linkweave demo
    """


@main.command(epilog=EXAMPLE)
@config_option
@click.option("--host", help="The address to listen on, instead of the one in the file.")
@click.option("--port", type=PORT, help="The port to listen on, instead of the one in the file.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="The number of processes.")
def serve(config: Path, host: str | None, port: int | None, workers: int) -> None:
    """Serve the accounts of a configuration file.

    No vendor is called at the start; `linkweave check` does that. Workers share the vendors' limits; with a
    server in cache.url, so do gateways on several machines. SIGHUP loads the configuration again.
    """
    overrides = {key: value for key, value in {"host": host, "port": port}.items() if value is not None}
    source = ConfigurationSource(config, overrides, secrets.token_hex(32))
    settings = _or_exit(source.load)
    process = _or_exit(lambda: open_process(settings, checked_accounts(settings)))
    with _listen(settings.server.host, settings.server.port) as listener:
        greeting = f"Linkweave serves {_count(settings)} at {server.url(listener)}{GRAPHQL_PATH}"
        announce = partial(_greet, greeting, process)
        if workers == 1:
            service = GatewayService(source, settings, process)
            server.serve([server.BoundApp(service.app, listener)], announce, service.hooks())
        else:
            with _or_exit(lambda: open_metrics_directory(os.environ)) as directory:
                run_workers(GatewayWorkers(source, settings, process, Path(directory)), listener, workers, announce)


@main.command()
@click.option("--port", type=PORT, default=8000, show_default=True, help="The gateway's port.")
@click.option("--sandbox-port", type=PORT, default=8001, show_default=True, help="The sandbox's port.")
def demo(port: int, sandbox_port: int) -> None:
    """Try Linkweave with made-up data.

    Starts the sandbox and a gateway over it on this machine: no account, no key, no network. Prints where
    GraphiQL is and a query to paste. Port 0 is any free port.
    """
    from linkweave.cli.demo import HOST, build_demo  # noqa: PLC0415 - only the sandbox loads the emulators

    configure_logging(LogSettings(format="console", level="warning"))
    other_sandbox_port = "choose another port with --sandbox-port"
    with _listen(HOST, port, OTHER_PORT) as gateway, _listen(HOST, sandbox_port, other_sandbox_port) as vendors:
        built = build_demo(server.url(gateway), server.url(vendors), SystemClock())
        sites = [server.BoundApp(built.sandbox, vendors), server.BoundApp(built.gateway, gateway)]
        server.serve(sites, partial(click.echo, built.greeting))


@main.command()
@click.option("--port", type=PORT, default=8001, show_default=True, help="The port to listen on.")
def sandbox(port: int) -> None:
    """Serve emulators of the five vendors.

    For development and tests without accounts: set the base_url of an account to
    http://127.0.0.1:PORT/<provider>. PUT /_sandbox/faults/<provider> injects a fault, and
    GET /_sandbox/calls counts the calls; see docs/sandbox.md.
    """
    from linkweave.cli.demo import HOST  # noqa: PLC0415 - same
    from linkweave.sandbox import CONTROL, Sandbox  # noqa: PLC0415 - same

    configure_logging(LogSettings(format="console", level="warning"))
    providers = discover()
    with _listen(HOST, port, OTHER_PORT) as listener:
        base_url = server.url(listener)
        lines = "".join(f"  {base_url}/{name}\n" for name in providers)
        greeting = f"The sandbox is up.\n{lines}  {base_url}/{CONTROL}/calls\nStop with Ctrl+C."
        site = server.BoundApp(Sandbox(providers, SystemClock()), listener)
        server.serve([site], partial(click.echo, greeting))


@main.command("check")
@config_option
def check_command(config: Path) -> None:
    """Check a configuration and its accounts.

    Makes one cheap call for every account. Prints whether its vendor is reachable and accepts the
    credentials, how fast it answers, and what is missing. The exit status is 1 if the configuration is wrong or
    an account cannot be used.
    """
    configure_logging(LogSettings(format="console", level="error"))
    settings = _load(config)
    sys.exit(_or_exit(lambda: asyncio.run(_check(settings))))


@main.command("providers")
@click.argument("name", required=False)
@click.option("--markdown", is_flag=True, help="Print the table as Markdown, as the documentation has it.")
def providers_command(name: str | None, markdown: bool) -> None:
    """Show what each provider can do.

    With NAME, show the facts about this provider. All is computed from the adapters.
    """
    providers = _or_exit(discover)
    if name is not None and name not in providers:
        raise click.ClickException(f"{name!r} is not a provider; known are {', '.join(providers)}")
    rows = tables.matrix(providers) if name is None else tables.facts(providers[name])
    if markdown:
        click.echo(tables.as_markdown(rows), nl=False)
    else:
        tables.show(rows)


main.add_command(token_command)
main.add_command(new_provider_command)


@main.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    click.echo(build_schema().as_str())


async def _check(settings: Settings) -> int:
    """Print the result, and return the exit status."""
    clock, providers = SystemClock(), discover()
    checked = check_accounts(settings.accounts, providers, settings.source)
    local_keys(settings)
    check_manifest(settings, build_schema)
    accounts = open_accounts(checked, providers, clock, Connector(settings.network, Path(settings.source).parent))
    try:
        findings = await check(accounts.all, clock)
    finally:
        await accounts.close()
    tables.show(tables.findings_table(findings))
    return 0 if all(found.usable for found in findings) else 1


def _greet(greeting: str, process: Process) -> None:
    """Print where the gateway is, to a person in a terminal or as a line of the log."""
    if sys.stderr.isatty():
        click.echo(greeting, err=True)
    else:
        process.log.lines.info(greeting)


def _load(config: Path) -> Settings:
    return _or_exit(lambda: load(config, os.environ))


def _count(settings: Settings) -> str:
    number = len(settings.accounts)
    return "1 account" if number == 1 else f"{number} accounts"


def _listen(host: str, port: int, remedy: str = "choose another address with --host and --port") -> socket.socket:
    return _or_exit(lambda: server.listen(host, port, remedy))


def _or_exit(step: Callable[[], T]) -> T:
    """Returns the result of `step`. A configuration error ends the process with its message and status 1."""
    try:
        return step()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
