"""Medians of interleaved runs: what is compared is run in turns, so that a slow moment of the machine hits all."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import Context
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, TypeAlias, TypeVar

RUNS: Final = 5

Run: TypeAlias = Callable[[], Awaitable[object]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of every run, per repetition."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return median(self.seconds)

    @property
    def fastest(self) -> float:
        """The shortest."""
        return min(self.seconds)

    @property
    def slowest(self) -> float:
        """The longest."""
        return max(self.seconds)


async def time_in_turns(rivals: Mapping[str, Run], repeat: int = 1) -> dict[str, Timing]:
    """RUNS runs of each rival in turns, after one that does not count; a run is `repeat` repetitions."""
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for run in rivals.values():
        await run()
    for _ in range(RUNS):
        for name, run in rivals.items():
            seconds[name].append(await _time(run, repeat))
    return {name: Timing(tuple(each)) for name, each in seconds.items()}


async def _time(run: Run, repeat: int) -> float:
    gc.collect()
    start = time.perf_counter()
    for _ in range(repeat):
        await run()
    return (time.perf_counter() - start) / repeat


async def as_request(coroutine: Coroutine[Any, Any, T]) -> T:
    """What `coroutine` returns, in a task and a context of its own, as the server has for each request."""
    return await asyncio.get_running_loop().create_task(coroutine, context=Context())
