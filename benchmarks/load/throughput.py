"""Answers per second of what is known already, against the least a server can do and against a first version."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final

import httpx2
import orjson

from benchmarks.load import processes
from benchmarks.load.generator import Load, Report, run
from benchmarks.measuring import RUNS

PATH: Final = "/graphql"
SECONDS: Final = 3.0
FIELDS: Final = "nodes { shortUrl account { key } domain { name } tags { name } clicks }"
SAME: Final = orjson.dumps({"query": f"{{ links(first: 20) {{ {FIELDS} }} }}"})
ROTATING: Final = orjson.dumps(
    {"query": f"query Page($n: Int!) {{ links(first: $n) {{ {FIELDS} }} }}", "variables": {"n": "NUMBER"}}
).replace(b'"NUMBER"', b"NUMBER")
UNIQUE: Final = orjson.dumps({"query": f"query QNUMBER {{ links(first: 20) {{ {FIELDS} }} }}"})
# Another alias makes another shape. It is selected by no request.
NEW_SHAPES: Final = orjson.dumps(
    {"query": f"{{ links(first: 20) {{ {FIELDS} }} aNUMBER: accounts @include(if: false) {{ key }} }}"}
)

# A naive server answers some requests a second, so that it needs longer for a figure that means something.
_NAIVE_SECONDS: Final = 6.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests per second of every run, and the latencies of the last.

    `processor` has milliseconds of the gateway's processor for each request of a run.
    """

    runs: tuple[Report, ...]
    processor: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """Requests per second of the run in the middle."""
        return median(report.rate for report in self.runs)

    @property
    def words(self) -> str:
        """The figures of a row."""
        last = self.runs[-1]
        latencies = f"p50 {last.p50:.1f} ms, p99 {last.p99:.1f} ms"
        return f"{self.median:,.0f} requests/s, {latencies}, {median(self.processor):.3f} ms of the processor each"


def compare() -> dict[str, Rates]:
    """All cases, each with the rivals of its row in turns."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(processes.vendors())
        servers = [
            stack.enter_context(processes.gateway(sandbox.url)),
            stack.enter_context(processes.naive(sandbox.url)),
        ]
        gateway, naive = servers[0].url + PATH, servers[1].url
        bare = stack.enter_context(processes.bare(_warm(gateway))).url
        counts = iter(range(0, 1_000_000_000, 1_000_000))
        rivals: dict[str, Callable[[], Report]] = {
            "bare": lambda: run(bare, Load(SAME), SECONDS),
            "same": lambda: run(gateway, Load(SAME), SECONDS),
            "rotating": lambda: run(gateway, Load(ROTATING, cycle=100), SECONDS),
            "unique": lambda: run(gateway, Load(UNIQUE, start=next(counts)), SECONDS),
            "new": lambda: run(gateway, Load(NEW_SHAPES, start=next(counts)), SECONDS),
            "naive": lambda: run(naive, Load(SAME), _NAIVE_SECONDS, connections=10),
        }
        return _in_turns(rivals, servers)


def _warm(gateway: str) -> bytes:
    """The answer to the query, once the gateway knows what it needs for all of the cases."""
    with httpx2.Client(timeout=120, headers={"content-type": "application/json"}) as client:
        for first in range(1, 101):
            client.post(gateway, content=ROTATING.replace(b"NUMBER", str(first).encode())).raise_for_status()
        answer = client.post(gateway, content=SAME).raise_for_status().content
    if b'"errors"' in answer:
        raise RuntimeError("the gateway answers with errors")
    return answer


def _in_turns(rivals: Mapping[str, Callable[[], Report]], servers: Sequence[processes.Server]) -> dict[str, Rates]:
    """All runs of all rivals. What a server still does for the clients of one run must not slow the next rival down."""
    gateway = servers[0]
    runs: dict[str, list[Report]] = {name: [] for name in rivals}
    processor: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(RUNS + 1):
        for name, measure in rivals.items():
            _wait_until_idle(servers)
            before = gateway.processor_seconds()
            report = measure()
            # It still works for the clients that have gone.
            _wait_until_idle(servers)
            if turn:
                runs[name].append(report)
                processor[name].append((gateway.processor_seconds() - before) / report.requests * 1000)
    return {name: Rates(tuple(reports), tuple(processor[name])) for name, reports in runs.items()}


def _wait_until_idle(servers: Sequence[processes.Server]) -> None:
    for server in servers:
        server.wait_until_idle()
