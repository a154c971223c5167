"""Seconds of the processor, so that what else the machine does is not measured."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import text

from benchmarks.measuring import RUNS
from linkweave.catalog.database import Database

_PROC: Final = Path("/proc")
_TICK: Final = 0.01
# A run asks a short question again and again for so long: one answer is too short to be measured.
_RUN_SECONDS: Final = 0.05
_MAX_REPEAT: Final = 50


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor, and of the clock."""

    processor: float
    clock: float

    @property
    def words(self) -> str:
        """Both in milliseconds."""
        return f"{self.processor * 1000:,.2f} ms ({self.clock * 1000:,.2f} ms by the clock)"


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor time of this process, and of a PostgreSQL server that works for it on this machine."""

    server_process: int | None

    @classmethod
    async def of(cls, database: Database) -> "Processor":
        """Returns that of this process and of the server of `database`."""
        if not database.is_postgresql:
            return cls(None)
        async with database.read() as connection:
            return cls((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())

    def seconds(self) -> float:
        """The seconds until now."""
        return time.process_time() + (0.0 if self.server_process is None else _server_seconds(self.server_process))


async def cost_in_turns(processor: Processor, rivals: Sequence[Callable[[], Awaitable[object]]]) -> list[Cost]:
    """Returns the median cost of each of `rivals`, in RUNS runs in turns after one that does not count."""
    repeats = [_repeat((await _run(processor, rival, 1)).clock) for rival in rivals]
    costs: list[list[Cost]] = [[] for _ in rivals]
    for _ in range(RUNS):
        for rival, repeat, told in zip(rivals, repeats, costs, strict=True):
            told.append(await _run(processor, rival, repeat))
    return [Cost(median(each.processor for each in told), median(each.clock for each in told)) for told in costs]


def _repeat(seconds: float) -> int:
    return max(1, min(_MAX_REPEAT, int(_RUN_SECONDS / seconds)))


async def _run(processor: Processor, rival: Callable[[], Awaitable[object]], repeat: int) -> Cost:
    used, start = processor.seconds(), time.perf_counter()
    for _ in range(repeat):
        await rival()
    return Cost((processor.seconds() - used) / repeat, (time.perf_counter() - start) / repeat)


def _server_seconds(process: int) -> float:
    """The time of the process behind the connection, and of the processes that helped it and have ended."""
    own = int((_PROC / str(process) / "schedstat").read_text().split()[0]) / 1e9
    parent = int(_fields(process)[1])
    user, system = _fields(parent)[13:15]
    return own + (int(user) + int(system)) * _TICK


def _fields(process: int) -> list[str]:
    """The fields of /proc/N/stat behind the name, which may contain spaces. The first two are state and parent."""
    return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
