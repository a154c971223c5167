"""GraphQL servers of others, from `benchmarks/peers`, over the same vendor and with the same answers."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx2
import orjson

from benchmarks.load import processes
from benchmarks.load.cold_lists import VENDOR_SECONDS, calls_of_many, first_answer
from benchmarks.load.generator import Load, Report, run
from benchmarks.load.throughput import PATH
from benchmarks.load.tinycc_vendor import Size, credentials, tables
from benchmarks.measuring import RUNS

FOLDER: Final = Path(__file__).parents[1] / "peers"
OURS: Final = "linkweave"
PEERS: Final[Mapping[str, Sequence[str]]] = {
    "Yoga": ("yoga.mjs",),
    "Yoga's response cache": ("yoga.mjs", "cached"),
    "Mercurius with graphql-jit": ("mercurius.mjs",),
}
SECONDS: Final = 2.0
_INSTALL_SECONDS: Final = 120
# 100 links with 600 fields, of which 200 are of ten domains.
_SIZE: Final = Size(accounts=1, domains=10, links=100)
_FIELDS: Final = "nodes { shortUrl slug destination note domain { name https } }"
_ALL: Final = f"{{ links(first: 100) {{ {_FIELDS} }} }}"
_ROTATING: Final = f"query Page($n: Int!) {{ links(first: $n) {{ {_FIELDS} }} }}"

LOADS: Final[Mapping[str, Load]] = {
    "same query": Load(orjson.dumps({"query": _ALL})),
    "rotating variables (100 values)": Load(b'{"query":%b,"variables":{"n":NUMBER}}' % orjson.dumps(_ROTATING), 100),
    "every request unique": Load(orjson.dumps({"query": f"query QNUMBER {_ALL}"})),
}


class NoPeersError(Exception):
    """The peers cannot be measured here; its text says why."""


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """Requests per second, and latencies in milliseconds: medians of runs."""

    rate: float
    p50: float
    p99: float

    @classmethod
    def of(cls, reports: Sequence[Report]) -> "LoadFigures":
        """The medians of `reports`."""
        return cls(*(median(getattr(each, name) for each in reports) for name in ("rate", "p50", "p99")))

    @property
    def words(self) -> str:
        """The figures of a row."""
        return f"{self.rate:,.0f} requests/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms"


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """What each load brought, milliseconds of a first answer, and the vendor's calls of many first answers."""

    loads: Mapping[str, LoadFigures]
    first: float
    calls: int


def measure() -> dict[str, PeerFigures]:
    """Linkweave and its peers, in turns.

    Raises:
        NoPeersError: there is no Node or npm here, or npm cannot install the peers.
    """
    _install()
    with processes.tinycc(_SIZE, VENDOR_SECONDS) as vendor:
        starts = _starts(vendor.url)
        loads = _measure_loads(starts)
        return {
            name: PeerFigures(loads[name], _first_milliseconds(start, vendor.url), _calls(start, vendor.url))
            for name, start in starts.items()
        }


def _install() -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NoPeersError("node or npm is not there")
    command = ["npm", "ci"]
    try:
        subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=_INSTALL_SECONDS)  # noqa: S603 - our own
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise NoPeersError("npm could not install them") from None


_Start = Callable[[], AbstractContextManager[processes.Server]]


def _starts(vendor: str) -> dict[str, _Start]:
    """The function that starts each server anew."""
    starts: dict[str, _Start] = {OURS: partial(processes.gateway_over, list(tables(_SIZE, vendor)))}
    for name, (script, *more) in PEERS.items():
        command = ["env", "NODE_ENV=production", "node", str(FOLDER / script), vendor, credentials(0).decode(), *more]
        starts[name] = partial(processes.started, command, processes.GATEWAY_CORE)
    return starts


def _measure_loads(starts: Mapping[str, _Start]) -> dict[str, dict[str, LoadFigures]]:
    """The figures of each server, by load, of runs in turns."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(start()) for name, start in starts.items()}
        _check_answers(servers)
        reports: dict[tuple[str, str], list[Report]] = {}
        for turn in range(RUNS + 1):
            for case, load in LOADS.items():
                for name, report in _run_all(servers, load, turn):
                    # The first turn does not count.
                    reports.setdefault((name, case), []).extend([report] if turn else [])
    return {name: {case: LoadFigures.of(reports[name, case]) for case in LOADS} for name in servers}


def _run_all(servers: Mapping[str, processes.Server], load: Load, turn: int) -> Iterator[tuple[str, Report]]:
    start = turn * 10_000_000
    for name, server in servers.items():
        yield name, run(server.url + PATH, Load(load.body, load.cycle, start), SECONDS)
        # It still works for the clients that have gone.
        server.wait_until_idle()


def _check_answers(servers: Mapping[str, processes.Server]) -> None:
    """Lets the servers fetch what they need.

    Raises:
        RuntimeError: they do not answer the same.
    """
    answers = {name: _data(server.url) for name, server in servers.items()}
    if any(answer != answers[OURS] for answer in answers.values()):
        raise RuntimeError("the peers do not answer the same")


def _data(url: str) -> Any:
    return httpx2.post(url + PATH, json={"query": _ALL}, timeout=60).raise_for_status().json()["data"]


def _first_milliseconds(start: _Start, vendor: str) -> float:
    seconds = []
    for _ in range(RUNS):
        with start() as server:
            seconds.append(asyncio.run(first_answer(server, vendor, _ALL))[0])
    return median(seconds) * 1000


def _calls(start: _Start, vendor: str) -> int:
    with start() as server:
        return asyncio.run(calls_of_many(server.url, vendor, _ALL))
