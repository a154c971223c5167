"""Values of an answer that wait for vendors."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from linkweave.concurrency.eager_tasks import start_eagerly
from linkweave.schema.execution.compiled.places import Place

# Writes a value at its place, or handles the error that came instead.
Settle: TypeAlias = Callable[[Awaitable[Any], Place], Awaitable[None]]
# Does so without a wait, if the value is known by now. Returns whether it is.
SettleKnown: TypeAlias = Callable[[Awaitable[Any], Place], bool]


@dataclass(slots=True, eq=False)
class _Waiter:
    """Awaits the value at `place`, and then those of its fields while there is one at a time."""

    place: Place


class Waiting:
    """The values that one answer waits for. All of one moment are awaited together, each in a task of its own.

    `settle` awaits one value and writes it, `settle_known` one that needs no wait. `give_up` says whether a place is no
    longer in the answer, and `abandon` lets values for such places end in the background.
    """

    def __init__(
        self,
        settle: Settle,
        settle_known: SettleKnown,
        give_up: Callable[[Place], bool],
        abandon: Callable[[list[Awaitable[Any]]], None],
    ) -> None:
        self._settle = settle
        self._settle_known = settle_known
        self._give_up = give_up
        self._abandon = abandon
        self._new: list[tuple[Awaitable[Any], Place]] = []
        self._running: dict[asyncio.Future[None], _Waiter] = {}
        self._finished: asyncio.Future[None] | None = None
        self._has_lost_places = False
        self._is_checking = False

    def __bool__(self) -> bool:
        return bool(self._new)

    def add(self, value: Awaitable[Any], place: Place) -> None:
        """Adds a value that is not awaited yet."""
        self._new.append((value, place))

    def check_lost_places(self) -> None:
        """Stops waiting for values whose places are lost, at the end of the current turn of the event loop."""
        self._has_lost_places = True
        if self._running and not self._is_checking:
            self._is_checking = True
            asyncio.get_running_loop().call_soon(self._cancel_lost)

    def abandon_new(self) -> None:
        """Lets all new values end in the background."""
        new, self._new = self._new, []
        if new:
            self._abandon([value for value, _ in new])

    async def run(self) -> None:
        """Waits until every value is written, including those that are added meanwhile."""
        try:
            await self._settle_new()
            if self._running:
                self._finished = asyncio.get_running_loop().create_future()
                await self._finished
        finally:
            if self._running:
                await self._cancel_all()

    async def _settle_new(self, waiter: _Waiter | None = None) -> None:
        """Starts a task for each new value. A single one is settled here, by the `waiter` whose task this is."""
        while new := self._take_new():
            if len(new) == 1:
                value, place = new[0]
                if waiter is not None:
                    waiter.place = place
                await self._settle(value, place)
            else:
                self._start_all(new)
        if self._has_lost_places:
            self.check_lost_places()

    def end(self) -> None:
        """Forgets its functions, which refer to the run. Nothing may be added any more."""
        del self._settle, self._settle_known, self._give_up, self._abandon

    def _start_all(self, new: Sequence[tuple[Awaitable[Any], Place]]) -> None:
        # One value may make the next ones known.
        started = [self._start(value, place) for value, place in new if not self._settle_known(value, place)]
        for task in started:
            if task is not None:
                task.result()

    def _start(self, value: Awaitable[Any], place: Place) -> asyncio.Future[None] | None:
        """Starts a task. Returns it if it has ended, and its error is not one of a lost place."""
        waiter = _Waiter(place)
        task = start_eagerly(self._settle_with_its_fields(value, waiter))
        if not task.done():
            self._running[task] = waiter
            task.add_done_callback(self._end)
            return None
        return None if task.cancelled() and self._give_up(waiter.place) else task

    async def _settle_with_its_fields(self, value: Awaitable[Any], waiter: _Waiter) -> None:
        await self._settle(value, waiter.place)
        await self._settle_new(waiter)

    def _take_new(self) -> Sequence[tuple[Awaitable[Any], Place]]:
        """Returns the new values whose places are still in the answer."""
        new, self._new = self._new, []
        if not (new and self._has_lost_places):
            return new
        lost = [self._give_up(place) for _, place in new]
        if any(lost):
            self._abandon([value for (value, _), is_lost in zip(new, lost, strict=True) if is_lost])
        return [each for each, is_lost in zip(new, lost, strict=True) if not is_lost]

    def _cancel_lost(self) -> None:
        self._is_checking = False
        for task, waiter in tuple(self._running.items()):
            if self._give_up(waiter.place):
                task.cancel()

    def _end(self, task: asyncio.Future[None]) -> None:
        place = self._running.pop(task).place
        finished = self._finished
        if finished is None or finished.done():
            return
        if not task.cancelled() and (error := task.exception()) is not None:
            finished.set_exception(error)
        elif task.cancelled() and not self._give_up(place):
            finished.cancel()
        elif not self._running:
            finished.set_result(None)

    async def _cancel_all(self) -> None:
        tasks = tuple(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
