"""`linkweave check`: the command."""

import asyncio
import os
import sys
from pathlib import Path

import click

from linkweave.accounts import check_accounts, open_accounts
from linkweave.cli import tables
from linkweave.cli.check import check, check_cache, check_catalog
from linkweave.cli.options import config_option, or_exit
from linkweave.cli.verdicts import summary
from linkweave.clock import SystemClock
from linkweave.observability import configure_logging
from linkweave.providers.discovery import discover
from linkweave.server.configuration import load_configuration
from linkweave.settings import LogSettings, Settings
from linkweave.transport.http.connections import Connector


@click.command("check")
@config_option
def check_command(config: Path) -> None:
    """Check a configuration and its accounts.

    Makes one cheap call for every account. Prints whether the account works, what was asked of whom, what the answer
    means and what to do. The same for the server of [cache] and for the database of [catalog]. The exit status is 1 if
    the configuration is wrong, or if an account, the server or the database cannot be used.
    """
    settings = or_exit(lambda: load_configuration(config, os.environ))
    sys.exit(check_settings(settings))


def check_settings(settings: Settings) -> int:
    """Ask every vendor, the cache server and the catalog, print the result, and return the exit status."""
    configure_logging(LogSettings(format="console", level="error"))
    return or_exit(lambda: asyncio.run(_check(settings)))


async def _check(settings: Settings) -> int:
    clock, providers = SystemClock(), discover()
    checked = check_accounts(settings.accounts, providers, settings.source)
    accounts = open_accounts(checked, providers, clock, Connector(settings.network, Path(settings.source).parent))
    try:
        findings = [
            *await check(accounts.all, clock),
            *await check_cache(settings.cache, clock),
            *await check_catalog(settings.catalog, Path(settings.source).parent, clock),
        ]
    finally:
        await accounts.close()
    tables.show(tables.findings_table(findings))
    click.echo(summary(findings), err=True)
    return 0 if all(found.usable for found in findings) else 1
