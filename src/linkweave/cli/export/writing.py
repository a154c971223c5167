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
    write = as_csv if form == "csv" else as_json
    if form == "csv":
        output.write(csv_header(by_day=by_day))
    done = 0
    with _progress(output) as show:
        async for record in records:
            output.writelines(map(write, record))
            done += 1
            if done % _SHOWN_LINKS == 0 or done == total():
                show(done, total())
    click.echo(f"{done:,} links written.", err=True)


def _progress(output: TextIO) -> AbstractContextManager[ShowProgress]:
    """A bar would stand between the lines if they went to the terminal."""
    return nullcontext(lambda _, __: None) if output.isatty() else progress("links written")
