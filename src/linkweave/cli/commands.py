"""The command line."""

import os
import secrets
import socket
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from linkweave.app import GRAPHQL_PATH
from linkweave.cli import tables
from linkweave.cli.catalog_command import catalog_command
from linkweave.cli.check_command import check_command
from linkweave.cli.copy.command import copy_command
from linkweave.cli.export.command import export_command
from linkweave.cli.import_links.command import import_command
from linkweave.cli.init import init_command
from linkweave.cli.listen.command import listen_command, unlisten_command
from linkweave.cli.mcp.command import mcp_command
from linkweave.cli.new_provider import new_provider_command
from linkweave.cli.options import PORT, config_option, or_exit
from linkweave.cli.query.command import query_command
from linkweave.cli.stopping import STOPPED, Commands, warn, warn_of_broken_plugins
from linkweave.cli.token import token_command
from linkweave.clock import SystemClock
from linkweave.observability import configure_logging
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
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
from linkweave.settings import LogSettings, Settings

if TYPE_CHECKING:
    from linkweave.cli.demo import Demo

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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linkweave", prog_name="linkweave")
def main() -> None:
    """One GraphQL endpoint over the URL shorteners and upload services you already use.

    Try it without any account or key: linkweave demo
    """
    warn_of_broken_plugins()


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
    settings = or_exit(source.load)
    process = or_exit(lambda: open_process(settings, checked_accounts(settings)))
    with _listen(settings.server.host, settings.server.port) as listener:
        greeting = f"Linkweave serves {_count(settings)} at {server.url(listener)}{GRAPHQL_PATH}"
        announce = partial(_say, greeting, process)
        if workers == 1:
            service = GatewayService(source, settings, process)
            server.serve([server.BoundApp(service.app, listener)], announce, service.hooks())
        else:
            with or_exit(lambda: open_metrics_directory(os.environ)) as directory:
                run_workers(GatewayWorkers(source, settings, process, Path(directory)), listener, workers, announce)
    _say("Linkweave has stopped", process)


@main.command()
@click.option("--host", help="The gateway's address. The default is loopback: this machine alone.")
@click.option("--port", type=PORT, help="The gateway's port; 8000 by default.")
@click.option("--sandbox-port", type=PORT, default=8001, show_default=True, help="The sandbox's port.")
@click.option("--allow-origin", "origins", multiple=True, help="An origin whose pages may send requests; repeatable.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A configuration file. All of it counts, except for its accounts.",
)
@click.option("--visitors", is_flag=True, help="Somebody clicks a link every few seconds: see it under Activity.")
def demo(
    host: str | None,
    port: int | None,
    sandbox_port: int,
    origins: tuple[str, ...],
    config: Path | None,
    visitors: bool,
) -> None:
    """Try Linkweave with made-up data.

    Starts the sandbox and a gateway over it on this machine: no account, no key, no network. Prints where
    GraphiQL is and a query to paste. Port 0 is any free port.
    """
    from linkweave.cli.demo import HOST, DemoOptions, build_demo, demo_settings  # noqa: PLC0415 - loads the emulators

    configure_logging(LogSettings(format="console", level="warning"))
    _emulated_providers()
    options = DemoOptions(host, port, origins, config)
    with (
        TemporaryDirectory(prefix="linkweave-demo-") as folder,
        _listen(HOST, sandbox_port, "choose another port with --sandbox-port") as vendors,
    ):
        settings = or_exit(lambda: demo_settings(server.url(vendors), options, Path(folder)))
        with _listen(settings.server.host, settings.server.port, OTHER_PORT) as gateway:
            urls = server.url(gateway), server.url(vendors)
            built = or_exit(lambda: build_demo(*urls, SystemClock(), settings))
            sites = [server.BoundApp(built.sandbox, vendors), server.BoundApp(built.gateway, gateway)]
            server.serve(sites, partial(_greet, built, visitors=visitors), server.Hooks(built.gateway.end_streams))
    click.echo(STOPPED, err=True)


def _greet(built: "Demo", *, visitors: bool) -> None:
    click.echo(built.greeting)
    if visitors:
        built.visitors.start()


@main.command()
@click.option("--port", type=PORT, default=8001, show_default=True, help="The port to listen on.")
def sandbox(port: int) -> None:
    """Serve emulators of all vendors.

    For development and tests without accounts: set the base_url of an account to
    http://127.0.0.1:PORT/<provider>. PUT /_sandbox/faults/<provider> injects a fault, and
    GET /_sandbox/calls counts the calls; see docs/sandbox.md.
    """
    from linkweave.cli.demo import HOST  # noqa: PLC0415 - same
    from linkweave.sandbox import CONTROL, LoopbackDelivery, Sandbox  # noqa: PLC0415 - same

    configure_logging(LogSettings(format="console", level="warning"))
    providers = _emulated_providers()
    with _listen(HOST, port, OTHER_PORT) as listener:
        base_url = server.url(listener)
        lines = "".join(f"  {base_url}/{name}\n" for name in providers)
        greeting = f"The sandbox is up.\n{lines}  {base_url}/{CONTROL}/calls\nStop with Ctrl+C."
        site = server.BoundApp(Sandbox(providers, SystemClock(), send=LoopbackDelivery().send), listener)
        server.serve([site], partial(click.echo, greeting))
    click.echo(STOPPED, err=True)


@main.command("providers")
@click.argument("name", required=False)
@click.option(
    "--table",
    type=click.Choice(("capabilities", "statistics", "costs")),
    default="capabilities",
    show_default=True,
    help="What to compare: capabilities, what statistics tell, or how many calls are needed and allowed.",
)
@click.option("--markdown", is_flag=True, help="Print the table as Markdown, as the documentation has it.")
def providers_command(name: str | None, table: str, markdown: bool) -> None:
    """Show what each provider can do.

    With NAME, explain this provider: what it can do and tell, in how many calls, and on which plan. All is
    computed from the adapters.
    """
    providers = discover()
    if name is not None and name not in providers:
        raise click.ClickException(f"{name!r} is not a provider; known are {', '.join(providers)}")
    compare = {
        "capabilities": tables.matrix,
        "statistics": tables.statistics_table,
        "costs": tables.costs_table,
    }[table]
    rows = compare(providers) if name is None else tables.facts(providers[name])
    if markdown:
        click.echo(tables.as_markdown(rows), nl=False)
    else:
        tables.show(rows)


main.add_command(catalog_command)
main.add_command(check_command)
main.add_command(init_command)
main.add_command(token_command)
main.add_command(query_command)
main.add_command(copy_command)
main.add_command(export_command)
main.add_command(import_command)
main.add_command(listen_command)
main.add_command(unlisten_command)
main.add_command(mcp_command)
main.add_command(new_provider_command)


@main.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    click.echo(build_schema().as_str())


def _emulated_providers() -> Mapping[str, Provider]:
    """Returns the providers that have an emulator, and prints a line for each whose emulator cannot be loaded."""
    from linkweave.sandbox import emulated  # noqa: PLC0415 - loads the emulators

    providers, problems = emulated(discover())
    warn(problems)
    return providers


def _say(message: str, process: Process) -> None:
    """Print `message` to a person in a terminal, or as a line of the log."""
    if sys.stderr.isatty():
        click.echo(message, err=True)
    else:
        process.log.lines.info(message)


def _count(settings: Settings) -> str:
    number = len(settings.accounts)
    return "1 account" if number == 1 else f"{number} accounts"


def _listen(host: str, port: int, remedy: str = "choose another address with --host and --port") -> socket.socket:
    return or_exit(lambda: server.listen(host, port, remedy))
