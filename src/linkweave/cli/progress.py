"""Shows how far long work is: a bar in a terminal, and a plain line from time to time elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

# Seconds between two plain lines.
_LINE_SECONDS: Final = 5.0

# Takes how much is done, and of how much; None where that is not known.
ShowProgress: TypeAlias = Callable[[int, int | None], None]


@contextmanager
def progress(what: str, console: Console | None = None) -> Iterator[ShowProgress]:
    """Shows progress on standard error inside the block, as `what` says it, such as "links copied"."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _lines(what)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=False) as bar:
        task = bar.add_task(what, total=None)

        def show(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _lines(what: str) -> ShowProgress:
    shown: tuple[int, int | None] | None = None
    at = time.monotonic()

    def show(done: int, total: int | None) -> None:
        nonlocal shown, at
        now = time.monotonic()
        is_end = total is not None and done >= total
        if (done, total) == shown or not (is_end or shown is None or now - at >= _LINE_SECONDS):
            return
        shown, at = (done, total), now
        click.echo(f"{done} {what}" if total is None else f"{done} of {total} {what}", err=True)

    return show
