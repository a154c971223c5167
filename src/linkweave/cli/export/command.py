"""`linkweave export`: the command."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from linkweave.cli.gateway.opening import open_client
from linkweave.cli.gateway.options import gateway_options
from linkweave.cli.options import or_exit
from linkweave.cli.with_catalog import with_catalog
from linkweave.models import LinkFilter
from linkweave.settings import Settings

if TYPE_CHECKING:
    # Other commands start without the database library.
    from linkweave.catalog.catalog import Catalog
    from linkweave.catalog.contents import AccountContents
    from linkweave.cli.export.lines import Export


@click.command("export")
@gateway_options
@click.option(
    "--format", "form", type=click.Choice(("csv", "jsonl")), default="csv", show_default=True, help="The format."
)
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8", lazy=False),
    default="-",
    help="The file to write, instead of standard output.",
)
@click.option("--account", "accounts", multiple=True, help="Only links of this account; can be repeated.")
@click.option("--tag", "tags", multiple=True, help="Only links with this tag; can be repeated, then with all of them.")
@click.option("--search", help="Only links with this text in the slug, title, note or destination.")
@click.option("--clicks-by", type=click.Choice(("day",)), help="Write a line per link and day, with the day's clicks.")
@click.option("--since", type=click.DateTime(("%Y-%m-%d",)), help="The first day, with --clicks-by.")
@click.option("--until", type=click.DateTime(("%Y-%m-%d",)), help="The last day, with --clicks-by.")
def export_command(url: str | None, config: Path | None, form: str, output: TextIO, **choices: Any) -> None:
    """Write all links that the catalog knows.

    Asks no vendor. With --config it reads the database of the file, and with --url it asks a running gateway, which
    takes longer. The columns are those of docs/command-line.md. A spreadsheet runs nothing of what it opens: text that
    looks like a formula gets an apostrophe before it. The exit status is 1 if the configuration lacks an account.
    """
    if choices["clicks_by"] is None and (choices["since"] or choices["until"]):
        raise click.UsageError("--since and --until need --clicks-by day.")
    if choices["since"] and choices["until"] and choices["since"] > choices["until"]:
        raise click.UsageError("--since is after --until.")
    if config is None and choices["clicks_by"]:
        raise click.UsageError("--clicks-by reads the database of the catalog: name its file with --config, not --url.")
    try:
        if url is None and config is not None:
            complete = with_catalog(config, lambda catalog, settings: _export(catalog, settings, form, output, choices))
        else:
            _export_from_gateway(url, config, form, output, choices)
            complete = True
    except KeyboardInterrupt:
        click.echo("\nStopped: what was written is not complete.", err=True)
        raise
    sys.exit(0 if complete else 1)


def _export_from_gateway(
    url: str | None, config: Path | None, form: str, output: TextIO, choices: Mapping[str, Any]
) -> None:
    """Writes the links of a running gateway."""
    from linkweave.cli.export.gateway_links import write_gateway_links  # noqa: PLC0415 - see above

    tags = {"all": list(choices["tags"])} if choices["tags"] else None
    wanted = {"accounts": list(choices["accounts"]) or None, "tags": tags, "search": choices["search"]}
    client = or_exit(lambda: open_client(url, config, os.environ))

    async def run() -> None:
        async with client as gateway:
            await write_gateway_links(gateway, wanted, form, output)

    asyncio.run(run())


async def _export(
    catalog: "Catalog", settings: Settings, form: str, output: TextIO, choices: Mapping[str, Any]
) -> bool:
    """Writes the links of the database, and returns whether those of no account were left out unasked."""
    from linkweave.catalog.contents import read_contents  # noqa: PLC0415 - see above
    from linkweave.cli.export.lines import records  # noqa: PLC0415 - see above
    from linkweave.cli.export.writing import write_records  # noqa: PLC0415 - see above

    configured = {str(table["key"]): str(table["provider"]) for table in settings.accounts}
    others = [each for each in await read_contents(catalog.database) if each.links and each.account not in configured]
    export = _chosen(configured, [each.account for each in others], choices)
    total = await catalog.reads.count(export.question)
    await write_records(records(export, catalog.database), lambda: total, form, output, by_day=export.by_day)
    if choices["accounts"] or not others:
        return True
    click.echo(_left_out(others), err=True)
    return False


def _left_out(others: "Sequence[AccountContents]") -> str:
    accounts = ", ".join(f"{each.account} ({each.links:,})" for each in others)
    return (
        f"Left out are the links of accounts that the catalog knows and the configuration does not: {accounts}. "
        "Name accounts with --account to write their links, too."
    )


def _chosen(configured: Mapping[str, str], others: Sequence[str], choices: Mapping[str, Any]) -> "Export":
    """Returns what the options choose. `others` are accounts of the catalog that are not configured.

    Raises:
        BadParameter: an account is unknown.
    """
    from linkweave.cli.export.lines import Export  # noqa: PLC0415 - see above

    accounts: Sequence[str] = choices["accounts"] or tuple(configured)
    known = (*configured, *others)
    unknown = next((key for key in accounts if key not in known), None)
    if unknown is not None:
        raise click.BadParameter(f"{unknown!r} is none; there are: {', '.join(known)}", param_hint="'--account'")
    return Export(
        {key: configured.get(key) for key in accounts},
        LinkFilter(search=choices["search"], tags_all=tuple(choices["tags"])),
        choices["clicks_by"] is not None,
        _day(choices["since"]),
        _day(choices["until"]),
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()
