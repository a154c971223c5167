"""Writes records as lines, and shows how far it is."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, TextIO

import click

from linkweave.cli.export.records import as_csv, as_json, csv_header
from linkweave.cli.progress import ShowProgress, progress

# Links between two changes of the progress bar.
_SHOWN_LINKS: Final = 200


async def write_records(
    records: AsyncIterator[list[dict[str, Any]]],
    total: Callable[[], int | None],
    form: str,
    output: TextIO,
    *,
    by_day: bool = False,
) -> None:
    """Writes the records of each link to `output`, and their number to standard error.

    `form` is csv or jsonl. `total` returns the number of links as far as it is known; it is called after each link.
    """
    write, header = (as_csv, csv_header(by_day=by_day)) if form == "csv" else (as_json, "")
    done = 0
    with _progress(output) as show:
        async for record in records:
            # Where not even the first page can be read, nothing is written.
            output.writelines((header, *map(write, record)))
            header, done = "", done + 1
            if done % _SHOWN_LINKS == 0 or done == total():
                show(done, total())
    output.write(header)
    click.echo(f"{done:,} links written.", err=True)


def _progress(output: TextIO) -> AbstractContextManager[ShowProgress]:
    """A bar would stand between the lines if they went to the terminal."""
    return nullcontext(lambda _, __: None) if output.isatty() else progress("links written")
