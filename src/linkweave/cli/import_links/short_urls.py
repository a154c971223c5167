"""Finds the short URLs in a file: a list, or the export of a vendor's dashboard."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final

import click

# Names of the column in exports, in small letters and without other characters.
_NAMES: Final = ("shorturl", "shortlink", "shortenedurl", "shortenedlink", "short", "link", "url")
_URL: Final = re.compile(r"https?://\S+|[\w-]+(\.[\w-]+)+/\S+", re.IGNORECASE)


def read_short_urls(lines: Iterable[str], column: str | None = None) -> list[str]:
    """Returns the short URLs of a file, each once, in their order.

    A file is CSV with a header, or has one short URL per line; lines that begin with # are comments. `column` is the
    name of the column. Otherwise it is the first one whose name is common for short URLs, or that has a URL.

    Raises:
        ClickException: the file is no text or no CSV, or has no such column.
    """
    try:
        rows = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise click.ClickException(f"the file is not a list of short URLs: {error}") from None
    rows = [row for row in rows if not row[0].lstrip().startswith("#")]
    if not rows:
        return []
    has_header = column is not None or not any(_is_url(cell) for cell in rows[0])
    place = _place(rows, column, has_header=has_header)
    cells = (row[place].strip() for row in rows[has_header:] if place < len(row))
    return list(dict.fromkeys(_absolute(cell) for cell in cells if cell))


def _place(rows: Sequence[Sequence[str]], column: str | None, *, has_header: bool) -> int:
    header = [cell.strip() for cell in rows[0]]
    if column is not None:
        if column not in header:
            raise click.BadParameter(
                f"{column!r} is no column; there are: {', '.join(header)}", param_hint="'--column'"
            )
        return header.index(column)
    if has_header:
        names = [re.sub(r"\W|_", "", cell.casefold()) for cell in header]
        known = next((names.index(name) for name in _NAMES if name in names), None)
        if known is not None:
            return known
    first = rows[1] if has_header and len(rows) > 1 else rows[0]
    # A line without any URL is reported by the gateway, so that the line is not lost.
    return next((place for place, cell in enumerate(first) if _is_url(cell)), 0)


def _is_url(cell: str) -> bool:
    return _URL.fullmatch(cell.strip()) is not None


def _absolute(cell: str) -> str:
    return cell if "://" in cell or not _is_url(cell) else f"https://{cell}"
