"""The rows of the table, and the table as Markdown."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.load.generator import CONNECTIONS, generator
from benchmarks.measuring import RUNS

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
_PACKAGES: Final = (
    "linkweave",
    "strawberry-graphql",
    "graphql-core",
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
    "httpx2",
    "pydantic",
    "orjson",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One case: what was measured, against what, and whether that is what is wanted (None where nothing is)."""

    case: str
    measured: str
    against: str
    ratio: str
    wanted: str = ""
    reached: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The cells, in the order of the headings."""
        reached = {True: "yes", False: "**no**", None: ""}[self.reached]
        return (self.case, self.measured, self.against, self.ratio, self.wanted, reached)


def write(rows: Sequence[Row]) -> str:
    """The page with the table, which is written to RESULTS.md too. Sections below the table stay there."""
    headings = ("case", "measured", "against", "ratio", "wanted", "reached")
    lines = [headings, ("---",) * len(headings), *(row.cells() for row in rows)]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    what = "Written by `make bench`; [README.md](README.md) explains the rows."
    page = f"# Results\n\n{what}\n\n{_machine()}\n\n{table}\n"
    _, heading, sections = RESULTS.read_text("utf-8").partition("\n## ")
    RESULTS.write_text(page + heading + sections, "utf-8")
    return page


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {_processor()}, {cores} cores, "
        f"Python {platform.python_version()}; {packages}. Medians of {RUNS} runs; {CONNECTIONS} connections; load by "
        f"{generator()} on the second core, the gateway on the first."
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "an unnamed processor")
