"""Runs every benchmark and prints one table: `make bench`."""

import asyncio
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

from rich.console import Console
from rich.table import Table

from benchmarks import many_pages
from benchmarks.floor import compare_floor
from benchmarks.link_query import SLOW_SECONDS, Rival, compare
from benchmarks.many_pages import compare_depths
from benchmarks.measuring import RUNS, Timing

PACKAGES = ("linkweave", "strawberry-graphql", "graphql-core", "starlette", "httpx2", "pydantic", "orjson")


async def main() -> None:
    """Measure and print."""
    start = time.perf_counter()
    table = Table("what", "median", "fastest-slowest", "vendor calls", "ratio", title=f"medians of {RUNS} runs")
    rivals = await compare()
    _add_links(table, rivals, "at once", lambda rival: rival.fast)
    _add_links(table, rivals, f"in {SLOW_SECONDS * 1000:.0f} ms", lambda rival: rival.slow)
    _add_pages(table, await compare_depths())
    _add_floor(table, await compare_floor())
    console = Console(width=120, soft_wrap=True)
    console.print(_machine())
    console.print(table)
    console.print(_pacing(rivals))
    console.print(f"All of it took {time.perf_counter() - start:.0f} s. What the rows mean: benchmarks/README.md")


def _add_links(table: Table, rivals: dict[str, Rival], vendors: str, pick: Callable[[Rival], Timing]) -> None:
    naive, bare = pick(rivals["naive"]).median, pick(rivals["bare calls"]).median
    ratio = {"gateway": f"{pick(rivals['gateway']).median / bare:.2f} x bare calls", "bare calls": "1"}
    ratio["naive"] = f"{naive / pick(rivals['gateway']).median:.2f} x gateway"
    for name, rival in rivals.items():
        _add(table, f"20 links, vendors answer {vendors}: {name}", pick(rival), str(rival.calls), ratio[name])
    table.add_section()


def _add_pages(table: Table, depths: dict[str, Timing]) -> None:
    for name, timing in depths.items():
        ratio = "1" if name == "first" else f"{timing.median / depths['first'].median:.2f} x first"
        what = f"page of {many_pages.PAGE} of {many_pages.LINKS:,} merged: {name} {many_pages.ENDS}"
        _add(table, what, timing, "", ratio)
    table.add_section()


def _add_floor(table: Table, floor: dict[str, Timing]) -> None:
    _add(table, "the same bytes: bare Starlette", floor["starlette"], "0", "1")
    ratio = f"{floor['gateway'].median / floor['starlette'].median:.1f} x Starlette"
    _add(table, "{ __typename }: gateway", floor["gateway"], "0", ratio)


def _add(table: Table, what: str, timing: Timing, calls: str, ratio: str) -> None:
    spread = f"{timing.fastest * 1000:.2f}-{timing.slowest * 1000:.2f} ms"
    table.add_row(what, f"{timing.median * 1000:.2f} ms", spread, calls, ratio)


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    loop = f"uvloop {version('uvloop')}" if find_spec("uvloop") else "asyncio's own loop"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{platform.machine()}, {cores} cores, Python {platform.python_version()}, {loop}; {packages}"


def _pacing(rivals: dict[str, Rival]) -> str:
    waits = ", ".join(f"{name} {max(0, rival.paced_calls - 1)} s" for name, rival in rivals.items())
    return f"Not in these times: PicSee's pace of one list call a second, which would add at least: {waits}"


def run() -> None:
    """On uvloop where it is installed."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    if find_spec("uvloop"):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main())


if __name__ == "__main__":
    run()
