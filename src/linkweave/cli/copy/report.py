"""What `linkweave copy` tells of a plan and of a job."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from linkweave.cli import tables
from linkweave.cli.csv_lines import csv_line

_PLAN_HEADER: Final = ("source", "state", "slug", "domain", "destination", "lost", "reason")
_LOSSY: Final = "READY_WITH_LOSS"
_JOB_HEADER: Final = ("source", "state", "short_url", "error")


def plan_table(rows: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Returns the header, and a row for each link of a plan."""
    return [list(_PLAN_HEADER), *map(_plan_cells, rows)]


def job_table(rows: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Returns the header, and a row for each link of a job."""
    names = ("source", "state", "shortUrl", "error")
    return [list(_JOB_HEADER), *([row[name] or "" for name in names] for row in rows)]


def plan_summary(plan: Mapping[str, Any]) -> list[str]:
    """Returns lines about a plan: the links in each state, what it takes, and its notices."""
    counts = ", ".join(f"{each['links']} {each['state']}" for each in plan["counts"]) or "no links"
    takes = "" if plan["seconds"] is None else f", {plan['seconds']} seconds at least"
    return [
        f"Plan: {counts}.",
        f"It takes {plan['calls']} calls{takes}.",
        *(f"Note: {each}." for each in plan["notices"]),
    ]


def loss_advice(plan: Mapping[str, Any]) -> str | None:
    """Returns what to do about links that are not copied because they would lose a field; None without such links."""
    lossy = sum(each["links"] for each in plan["counts"] if each["state"] == _LOSSY)
    return f"{lossy} links would lose a field and are not copied. --allow-loss copies them, too." if lossy else None


def job_summary(job: Mapping[str, Any]) -> str:
    """Returns a line about a job that has ended."""
    failed = f", {job['failed']} failed" if job["failed"] else ""
    why = f": {job['error']}" if job["error"] else ""
    return f"{job['state']}: {job['done']} of {job['total']} links copied{failed}{why}"


def print_rows(rows: Sequence[Sequence[str]], file: Path | None) -> None:
    """Print rows on standard output, or write them to `file` as CSV.

    Raises:
        ClickException: the file cannot be written.
    """
    if file is None:
        tables.show([[tables.one_line(cell) for cell in row] for row in rows])
        return
    try:
        file.write_text("".join(map(csv_line, rows)), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror or error}") from None


def _plan_cells(row: Mapping[str, Any]) -> list[str]:
    target = row["target"] or {}
    own = [target.get(name) or "" for name in ("slug", "domain", "destination")]
    return [row["source"], row["state"], *own, ", ".join(row["lostFields"]), row["reason"] or ""]
