"""`linkweave import`: the command."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import click

from linkweave.cli import tables
from linkweave.cli.gateway.client import GatewayClient
from linkweave.cli.gateway.opening import open_client
from linkweave.cli.gateway.options import gateway_options
from linkweave.cli.import_links.importing import Import, Row
from linkweave.cli.import_links.short_urls import read_short_urls
from linkweave.cli.options import or_exit
from linkweave.cli.progress import progress

_IN_CATALOG = frozenset({"IMPORTED", "KNOWN"})


@click.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@gateway_options
@click.option("--account", required=True, help="The account that has the links.")
@click.option("--column", help="The column of a CSV file that has the short URLs.")
def import_command(file: TextIO, url: str | None, config: Path | None, account: str, column: str | None) -> None:
    """Put existing links into the catalog, by their short URLs.

    For vendors that cannot list links, such as Cutt.ly. FILE has a short URL per line, or is the CSV export of a
    vendor's dashboard; - is standard input. Each link is looked up within the vendor's limits. A second run with the
    same file looks up only what is missing. Prints a line for each short URL.
    """
    client = or_exit(lambda: open_client(url, config, os.environ))
    short_urls = read_short_urls(file, column)

    async def run() -> bool:
        async with client as gateway:
            return await import_file(gateway, account, short_urls)

    sys.exit(0 if or_exit(lambda: asyncio.run(run())) else 1)


async def import_file(client: GatewayClient, account: str, short_urls: list[str]) -> bool:
    """Returns whether every link is in the catalog. Prints the results, also where it ends early.

    Raises:
        ClickException: nothing, or nothing more, can be imported.
    """
    work = Import(client, account, short_urls)
    try:
        with progress("links looked up") as show:
            await work.run(show)
    except (asyncio.CancelledError, click.ClickException) as error:
        if work.results:
            _print(_ordered(work))
        if work.results or isinstance(error, asyncio.CancelledError):
            click.echo("\nThe links that were looked up are in the catalog. The same command goes on.", err=True)
        raise
    results = _ordered(work)
    _print(results)
    return all(row["state"] in _IN_CATALOG for row in results)


def _ordered(work: Import) -> list[Row]:
    return [work.results[url] for url in work.short_urls if url in work.results]


def _print(results: list[Row]) -> None:
    # A person wants to see what is missing, and a program everything.
    shown = [row for row in results if not (sys.stdout.isatty() and row["state"] in _IN_CATALOG)]
    if shown:
        tables.show([["short_url", "state", "error"], *map(_cells, shown)])
    counts = Counter(row["state"] for row in results)
    click.echo(", ".join(_counted(counts)) or "no short URLs", err=True)


def _counted(counts: Counter[str]) -> Iterable[str]:
    return (f"{counts[state]} {state}" for state in ("IMPORTED", "KNOWN", "NOT_FOUND", "FAILED") if counts[state])


def _cells(row: Row) -> list[str]:
    error = row["error"]
    cells = (row["shortUrl"], row["state"], "" if error is None else f"{error['message']} ({error['code']})")
    return [tables.one_line(cell) for cell in cells]
