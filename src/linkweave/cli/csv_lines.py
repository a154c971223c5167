"""CSV that a spreadsheet can open without running anything that a vendor or a visitor wrote."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Final

# A spreadsheet takes text that starts like this for a formula. OWASP, CSV injection.
_FORMULA_STARTS: Final = frozenset("=+-@＝＋－＠")
_WRITTEN_END: Final = "\r\n"
_SKIPPED_STARTS: Final = frozenset("\t\r\n")


def csv_line(cells: Sequence[str | float | None]) -> str:
    """Returns one line of CSV with its end. Null is an empty cell; text that looks like a formula begins with `'`."""
    line = StringIO()
    # The writer puts quotes around a cell only if it has a character of the line's end, and a lone \r is one, too.
    writer = csv.writer(line, lineterminator=_WRITTEN_END)
    writer.writerow([defuse(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue().removesuffix(_WRITTEN_END) + "\n"


def defuse(text: str) -> str:
    """Returns `text`; with an apostrophe before it where a spreadsheet would take it for a formula."""
    runs = text[:1] in _SKIPPED_STARTS or text.lstrip()[:1] in _FORMULA_STARTS
    return f"'{text}" if runs else text
