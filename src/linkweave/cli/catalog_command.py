"""`linkweave catalog`: the database of the catalog without a gateway."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from linkweave.cli import tables
from linkweave.cli.options import config_option
from linkweave.cli.progress import ShowProgress, progress
from linkweave.cli.with_catalog import with_catalog
from linkweave.settings import Settings

if TYPE_CHECKING:
    # Other commands start without the database library.
    from linkweave.catalog.catalog import Catalog
    from linkweave.catalog.contents import AccountContents

_HEADER: Final = ["account", "links", "deleted", "whole walk (UTC)", "walking", "calls today", "error"]


@click.group("catalog")
def catalog_command() -> None:
    """Look after the database of the catalog."""


@catalog_command.command()
@config_option
def upgrade(config: Path) -> None:
    """Create the tables, or bring them to this version of Linkweave.

    A gateway does so at its start.
    """
    with progress("revisions of the tables run") as show:
        before, after = with_catalog(config, lambda catalog, _: _upgrade(catalog, show))
    click.echo(f"The tables are {'upgraded to' if before != after else 'up to date at'} revision {after}.")


@catalog_command.command()
@config_option
def status(config: Path) -> None:
    """Show what is known of each account.

    `whole walk` is when all links of the account were read last, and `walking` how many links the running walk has
    seen.
    """
    tables.show([_HEADER, *_rows(with_catalog(config, _contents))])


@catalog_command.command()
@config_option
def vacuum(config: Path) -> None:
    """Give the space of deleted rows back to the disk.

    With SQLite, gateways cannot write while it runs.
    """
    with progress("steps of the clean-up done") as show:
        with_catalog(config, lambda catalog, _: catalog.database.vacuum(show))
    click.echo("The database is cleaned up.")


async def _upgrade(catalog: "Catalog", show: ShowProgress) -> tuple[str | None, str | None]:
    before = await catalog.database.revision()
    await catalog.database.upgrade(show)
    return before, await catalog.database.revision()


async def _contents(catalog: "Catalog", _: Settings) -> "list[AccountContents]":
    from linkweave.catalog.contents import read_contents  # noqa: PLC0415 - see above

    return await read_contents(catalog.database)


def _rows(contents: "list[AccountContents]") -> Iterator[list[str]]:
    for each in contents:
        walked = "never" if each.walked_at is None else f"{each.walked_at:%Y-%m-%d %H:%M}"
        walking = "-" if each.walking_links is None else f"{each.walking_links:,}"
        numbers = [f"{each.links:,}", f"{each.deleted:,}"]
        yield [each.account, *numbers, walked, walking, f"{each.calls_today:,}", each.error or "-"]
