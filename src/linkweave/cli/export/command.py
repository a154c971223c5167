"""`linkweave export`: the command."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from linkweave.cli.options import config_option
from linkweave.cli.progress import ShowProgress, progress
from linkweave.cli.with_catalog import with_catalog
from linkweave.models import LinkFilter
from linkweave.settings import Settings

if TYPE_CHECKING:
    # Other commands start without the database library.
    from linkweave.catalog.catalog import Catalog
    from linkweave.cli.export.lines import Export

# Links between two changes of the progress bar.
_SHOWN_LINKS: Final = 200


@click.command("export")
@config_option
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
def export_command(config: Path, form: str, output: TextIO, **choices: Any) -> None:
    """Write all links that the catalog knows.

    Asks no vendor. The columns are those of docs/command-line.md. A spreadsheet runs nothing of what it opens: text
    that looks like a formula gets an apostrophe before it.
    """
    if choices["clicks_by"] is None and (choices["since"] or choices["until"]):
        raise click.UsageError("--since and --until need --clicks-by day.")
    if choices["since"] and choices["until"] and choices["since"] > choices["until"]:
        raise click.UsageError("--since is after --until.")
    try:
        links = with_catalog(config, lambda catalog, settings: _export(catalog, settings, form, output, choices))
    except KeyboardInterrupt:
        click.echo("\nStopped: what was written is not complete.", err=True)
        raise
    click.echo(f"{links:,} links written.", err=True)


async def _export(catalog: "Catalog", settings: Settings, form: str, output: TextIO, choices: Mapping[str, Any]) -> int:
    """Writes the links, and returns their number."""
    from linkweave.cli.export.lines import records  # noqa: PLC0415 - see above
    from linkweave.cli.export.records import as_csv, as_json, csv_header  # noqa: PLC0415 - see above

    export = _chosen(settings, choices)
    total = await catalog.reads.count(export.question)
    write = as_csv if form == "csv" else as_json
    if form == "csv":
        output.write(csv_header(by_day=export.by_day))
    done = 0
    with _progress(output) as show:
        async for record in records(export, catalog.database):
            output.writelines(map(write, record))
            done += 1
            if done % _SHOWN_LINKS == 0 or done == total:
                show(done, total)
    return done


def _progress(output: TextIO) -> AbstractContextManager[ShowProgress]:
    """A bar would stand between the lines if they went to the terminal."""
    return nullcontext(lambda _, __: None) if output.isatty() else progress("links written")


def _chosen(settings: Settings, choices: Mapping[str, Any]) -> "Export":
    """Returns what the options choose.

    Raises:
        BadParameter: an account is unknown.
    """
    from linkweave.cli.export.lines import Export  # noqa: PLC0415 - see above

    configured = {str(table["key"]): str(table["provider"]) for table in settings.accounts}
    accounts: Sequence[str] = choices["accounts"] or tuple(configured)
    unknown = next((key for key in accounts if key not in configured), None)
    if unknown is not None:
        raise click.BadParameter(f"{unknown!r} is none; there are: {', '.join(configured)}", param_hint="'--account'")
    return Export(
        {key: configured[key] for key in accounts},
        LinkFilter(search=choices["search"], tags_all=tuple(choices["tags"])),
        choices["clicks_by"] is not None,
        _day(choices["since"]),
        _day(choices["until"]),
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()
