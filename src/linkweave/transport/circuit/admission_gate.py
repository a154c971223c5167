"""Who may call an account now: few at first, more as it answers, one while it is on probation, nobody while it is down.

A call may leave only while fewer than `MAX_UNPROVEN` calls are under way or have failed in a row, not counting one for
each success since. So a vendor that breaks is not asked by everybody before the first of them knows. Those who wait
leave in the order they came, callers before calls behind.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from linkweave.context.account_trial import MAX_UNPROVEN, AccountTrial
from linkweave.context.call_context import current_priority
from linkweave.context.priority import Priority
from linkweave.transport.circuit.circuit import Circuit
from linkweave.transport.health import CircuitState

# So long the others wait for the one call that shows whether a vendor is well again.
MAX_PROBE_WAIT_SECONDS: Final = 1.0
# Whether an answer makes sense is found out by its reader, a moment after it has come. Until then its place is taken.
# A binary fraction, so that times which are sums of it stay exact.
SETTLE_SECONDS: Final = 1 / 256


class RefusedError(Exception):
    """No call may leave now, nor will one soon."""


@dataclass(slots=True, eq=False)
class Place:
    """A call that has left. It was let out in `epoch`: what it tells of an earlier one is old news."""

    trial: AccountTrial
    epoch: int
    probe: bool


@dataclass(slots=True, eq=False)
class _Waiter:
    trial: AccountTrial
    priority: Priority
    place: asyncio.Future[Place] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class AdmissionGate:
    """The gate of one account, in this process."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self._line: list[_Waiter] = []
        self._under_way = 0
        self._probe: Place | None = None
        self._unsettled: dict[Place, bool] = {}

    async def enter(self, trial: AccountTrial, max_wait_seconds: float | None) -> Place:
        """A place to leave from; `failed`, `answered` or `unknown` gives it back.

        Raises:
            RefusedError: the circuit is open, or this operation's calls have failed too often.
            TimeoutError: there was none within `max_wait_seconds` seconds.
        """
        waiter = _Waiter(trial, current_priority())
        self._line.append(waiter)
        self._admit()
        try:
            with waiter.priority.on_promotion(lambda: self._promoted(waiter)):
                return await self._waited(waiter, max_wait_seconds)
        except BaseException:
            if waiter.place.done() and not waiter.place.cancelled() and waiter.place.exception() is None:
                # It was let out and given up in the same moment.
                self.unknown(waiter.place.result())
            raise
        finally:
            if waiter in self._line:
                self._line.remove(waiter)

    async def _waited(self, waiter: _Waiter, max_wait_seconds: float | None) -> Place:
        if waiter.place.done():
            return waiter.place.result()
        if self.circuit.state is CircuitState.CLOSED:
            async with asyncio.timeout(max_wait_seconds):
                return await waiter.place
        most = MAX_PROBE_WAIT_SECONDS if max_wait_seconds is None else min(max_wait_seconds, MAX_PROBE_WAIT_SECONDS)
        try:
            async with asyncio.timeout(most):
                return await waiter.place
        except TimeoutError:
            raise RefusedError from None

    def answered(self, place: Place, *, slow: bool) -> None:
        """The call was answered, as far as can be told without knowing what the answer should look like."""
        self._unsettled[place] = slow
        asyncio.get_running_loop().call_later(SETTLE_SECONDS, self._settle, place)

    def misread(self) -> None:
        """The latest answer has turned out to be unusable; if none has just come, it was an old one out of a cache."""
        if self._unsettled:
            place, slow = self._unsettled.popitem()
            self.failed(place, slow=slow)

    def failed(self, place: Place, *, slow: bool) -> None:
        """The call had no usable answer."""
        self._ended(place)
        place.trial.failed += 1
        if place.epoch == self.circuit.epoch:
            self.circuit.failed(slow=slow)
        self._admit()

    def unknown(self, place: Place) -> None:
        """The call tells nothing: it was given up, or had too little time."""
        self._ended(place)
        self._admit()

    def _settle(self, place: Place) -> None:
        slow = self._unsettled.pop(place, None)
        if slow is None:
            return
        self._ended(place)
        place.trial.succeeded = True
        if place.epoch == self.circuit.epoch:
            self.circuit.succeeded(slow=slow)
        self._admit()

    def _ended(self, place: Place) -> None:
        self._under_way -= 1
        place.trial.under_way -= 1
        if self._probe is place:
            self._probe = None

    def _promoted(self, waiter: _Waiter) -> None:
        """Somebody has begun to wait for a call behind: it comes after the callers who were here before."""
        self._line.remove(waiter)
        self._line.append(waiter)
        self._admit()

    def _admit(self) -> None:
        """Let out whoever may leave now, and send away whoever need not wait any more."""
        for waiter in sorted(self._line, key=lambda waiter: waiter.priority.background):
            if waiter.place.done():
                continue
            if self.circuit.state is CircuitState.OPEN or waiter.trial.exhausted:
                waiter.place.set_exception(RefusedError())
            elif waiter.trial.may_call and self._may_leave():
                waiter.place.set_result(self._let_out(waiter.trial))

    def _may_leave(self) -> bool:
        if self.circuit.state is CircuitState.HALF_OPEN:
            return self._probe is None
        taken = self._under_way + self.circuit.failures_in_a_row
        return taken < MAX_UNPROVEN + self.circuit.successes_in_a_row

    def _let_out(self, trial: AccountTrial) -> Place:
        place = Place(trial, self.circuit.epoch, self.circuit.state is CircuitState.HALF_OPEN)
        self._under_way += 1
        trial.under_way += 1
        if place.probe:
            self._probe = place
            self.circuit.probing()
        return place
