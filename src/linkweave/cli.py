"""The command line."""

import asyncio
import os
import secrets
import sys
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from starlette.applications import Starlette

from linkweave import serving, tables
from linkweave.accounts import check_accounts, open_accounts
from linkweave.app import GRAPHQL_PATH, build_app
from linkweave.checks import Finding, check
from linkweave.clock import SystemClock
from linkweave.demo import HOST, build_demo
from linkweave.errors import ConfigurationError
from linkweave.observability import configure_logging
from linkweave.providers.discovery import discover
from linkweave.sandbox import CONTROL, Sandbox
from linkweave.schema.build import build_schema
from linkweave.settings import Settings, load

T = TypeVar("T")

# How `serve --workers N` tells its workers what the parent was told.
CONFIG_VARIABLE: Final = "LINKWEAVE_CONFIG"
SECRET_VARIABLE: Final = "LINKWEAVE_CURSOR_SECRET"  # noqa: S105 - the name of a variable

config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The configuration file (TOML). docs/configuration.md describes every key.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linkweave")
def main() -> None:
    """One GraphQL endpoint over the URL shorteners and upload services you already use.

    Try it without any account or key: linkweave demo
    """


@main.command()
@config_option
@click.option("--host", help="The address to listen on, in place of the configuration's.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on, in place of the configuration's.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes to serve with.")
def serve(config: Path, host: str | None, port: int | None, workers: int) -> None:
    """Serve the accounts of a configuration file.

    No vendor is asked at the start; `linkweave check` does that.
    """
    configure_logging()
    settings = _load(config)
    host, port = host or settings.server.host, settings.server.port if port is None else port
    click.echo(f"Linkweave serves {len(settings.accounts)} accounts at http://{host}:{port}{GRAPHQL_PATH}", err=True)
    if workers > 1:
        os.environ[CONFIG_VARIABLE] = str(config)
        os.environ.setdefault(SECRET_VARIABLE, secrets.token_hex(32))
        _or_exit(lambda: serving.run_workers("linkweave.cli:worker_app", host, port, workers))
        return
    app = _or_exit(lambda: build_app(settings))
    _or_exit(lambda: _run_loop(serving.run([serving.Site(app, host, port)])))


def worker_app() -> Starlette:
    """The app of one worker process of `serve --workers N`."""
    configure_logging()
    settings = _load(Path(os.environ[CONFIG_VARIABLE]))
    if settings.server.secret is None:
        shared = {"secret": os.environ[SECRET_VARIABLE]}
        server = settings.server.model_validate({**settings.server.model_dump(), **shared})
        settings = settings.model_copy(update={"server": server})
    return build_app(settings)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The gateway's port.")
@click.option(
    "--sandbox-port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="The sandbox's port."
)
def demo(port: int, sandbox_port: int) -> None:
    """Serve made-up data of five vendors on this machine: no account, no key, no network.

    Starts the sandbox and a gateway over it, and prints where GraphiQL is and a query to paste.
    """
    configure_logging("WARNING")
    built = build_demo(port, sandbox_port, SystemClock())
    sites = [serving.Site(built.sandbox, HOST, sandbox_port), serving.Site(built.gateway, HOST, port)]
    _or_exit(lambda: _run_loop(serving.run(sites, lambda: click.echo(built.greeting))))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="The port to listen on.")
def sandbox(port: int) -> None:
    """Serve the vendors' emulators, to build and test against without accounts.

    Point the base_url of an account at http://127.0.0.1:PORT/<provider>. Faults are injected with
    PUT /_sandbox/faults/<provider>, calls are counted at GET /_sandbox/calls; see docs/sandbox.md.
    """
    configure_logging("WARNING")
    providers = discover()
    lines = "".join(f"  http://{HOST}:{port}/{name}\n" for name in providers)
    greeting = f"The sandbox is up.\n{lines}  http://{HOST}:{port}/{CONTROL}/calls\nStop with Ctrl+C."
    site = serving.Site(Sandbox(providers, SystemClock()), HOST, port)
    _or_exit(lambda: _run_loop(serving.run([site], lambda: click.echo(greeting))))


@main.command("check")
@config_option
def check_command(config: Path) -> None:
    """Validate a configuration and ask every account one cheap question.

    Prints whether each account is reachable and knows its credentials, how fast it answered and what is
    missing. Ends with status 1 when the configuration is wrong or an account cannot be used.
    """
    configure_logging("ERROR")
    settings = _load(config)
    findings = _or_exit(lambda: asyncio.run(_check(settings)))
    tables.show(tables.findings_table(findings))
    if not all(found.good for found in findings):
        sys.exit(1)


@main.command("providers")
@click.option("--markdown", is_flag=True, help="Print the table as Markdown, as the documentation has it.")
def providers_command(markdown: bool) -> None:
    """Show what each provider can do, computed from the adapters."""
    rows = tables.matrix(discover())
    if markdown:
        click.echo(tables.as_markdown(rows), nl=False)
    else:
        tables.show(rows)


@main.command()
def schema() -> None:
    """Print the GraphQL schema (SDL) that the gateway serves."""
    click.echo(build_schema().as_str())


async def _check(settings: Settings) -> list[Finding]:
    clock, providers = SystemClock(), discover()
    checked = check_accounts(settings.accounts, providers, settings.source)
    accounts = open_accounts(checked, providers, clock)
    try:
        return await check(accounts.all, clock)
    finally:
        await accounts.close()


def _load(config: Path) -> Settings:
    return _or_exit(lambda: load(config, os.environ))


def _run_loop(serve_all: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve_all)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Uvloop where it is installed; it is not on Windows."""
    if find_spec("uvloop") is None:
        return None
    import uvloop

    return uvloop.new_event_loop


def _or_exit(step: Callable[[], T]) -> T:
    """What `step` gives; a configuration that cannot be used ends the process with its message and status 1."""
    try:
        return step()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
