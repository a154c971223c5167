"""Decides which calls to an account may be sent now: few at first, more as it succeeds, one while it is half-open.

A call is sent only while fewer than `MAX_UNPROVEN` calls are under way or have failed in a row, not counting
`CALLS_PER_SUCCESS` for each success since. So a vendor that breaks does not get the calls of all callers before the
first call has failed.
Waiting calls are sent in the order in which they came, those of callers before those in the background.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from linkweave.context.account_trial import MAX_UNPROVEN, AccountTrial
from linkweave.context.call_context import current_priority
from linkweave.context.priority import Priority
from linkweave.transport.circuit.circuit import MAX_SUCCESSES, Circuit
from linkweave.transport.health import CircuitState

# Number of further calls that may be under way for each success in a row, up to `MAX_SUCCESSES`. So after the first
# answer, the ten lists are read at once that a page may need. MEASURED: peers, first answer.
CALLS_PER_SUCCESS: Final = 4
# Maximum number of seconds for which other calls wait for the probe of a half-open circuit.
MAX_PROBE_WAIT_SECONDS: Final = 1.0
# Seconds in which the reader of an answer may find it unusable. The call counts as under way until then.
# A binary fraction, so that tests can compare sums of it exactly.
CONFIRM_SECONDS: Final = 1 / 256


class AdmissionRefusedError(Exception):
    """No call may be sent now, nor soon."""


@dataclass(slots=True, eq=False)
class Permit:
    """Permits one call to be sent. Its outcome counts only in the `epoch` of the circuit in which it was granted."""

    trial: AccountTrial
    epoch: int
    probe: bool


@dataclass(slots=True, eq=False)
class _Waiter:
    trial: AccountTrial
    priority: Priority
    permit: asyncio.Future[Permit] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class AdmissionGate:
    """The gate of one account, in this process."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self._queue: list[_Waiter] = []
        self._under_way = 0
        self._probe: Permit | None = None
        # Whether the call was slow, by its permit.
        self._unconfirmed: dict[Permit, bool] = {}

    async def acquire(self, trial: AccountTrial, max_wait_seconds: float | None) -> Permit:
        """Waits for a permit, which `record_answer`, `record_failure` or `release` must end.

        Raises:
            AdmissionRefusedError: the circuit is open, or this operation's calls have failed too often.
            TimeoutError: there was no permit within `max_wait_seconds`.
        """
        waiter = _Waiter(trial, current_priority())
        self._queue.append(waiter)
        self._grant_permits()
        try:
            with waiter.priority.on_promotion(lambda: self._requeue(waiter)):
                return await self._wait(waiter, max_wait_seconds)
        except BaseException:
            if waiter.permit.done() and not waiter.permit.cancelled() and waiter.permit.exception() is None:
                # The permit was granted in the moment in which the waiter was cancelled.
                self.release(waiter.permit.result())
            raise
        finally:
            if waiter in self._queue:
                self._queue.remove(waiter)

    async def _wait(self, waiter: _Waiter, max_wait_seconds: float | None) -> Permit:
        if waiter.permit.done():
            return waiter.permit.result()
        if self.circuit.state is CircuitState.CLOSED:
            async with asyncio.timeout(max_wait_seconds):
                return await waiter.permit
        seconds = MAX_PROBE_WAIT_SECONDS if max_wait_seconds is None else min(max_wait_seconds, MAX_PROBE_WAIT_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                return await waiter.permit
        except TimeoutError:
            raise AdmissionRefusedError from None

    def record_answer(self, permit: Permit, *, slow: bool) -> None:
        """Counts the call as a success, unless its reader finds the answer unusable within `CONFIRM_SECONDS`."""
        self._unconfirmed[permit] = slow
        asyncio.get_running_loop().call_later(CONFIRM_SECONDS, self._confirm, permit)

    def record_unusable_answer(self) -> None:
        """Counts the latest answer as a failure of its operation, unless no answer has just arrived: it was cached.

        For the circuit it is a success: a vendor that answers in time is not down, and may answer other calls well.
        """
        if self._unconfirmed:
            permit, slow = self._unconfirmed.popitem()
            permit.trial.failed += 1
            self._record_success(permit, slow=slow)

    def record_failure(self, permit: Permit, *, slow: bool) -> None:
        """Counts the call as one without a usable answer."""
        self._end(permit)
        permit.trial.failed += 1
        if permit.epoch == self.circuit.epoch:
            self.circuit.record_failure(slow=slow)
        self._grant_permits()

    def release(self, permit: Permit) -> None:
        """Ends a call that says nothing about the vendor: it was cancelled, or had too little time."""
        self._end(permit)
        self._grant_permits()

    def _confirm(self, permit: Permit) -> None:
        slow = self._unconfirmed.pop(permit, None)
        if slow is None:
            return
        permit.trial.succeeded = True
        self._record_success(permit, slow=slow)

    def _record_success(self, permit: Permit, *, slow: bool) -> None:
        self._end(permit)
        if permit.epoch == self.circuit.epoch:
            self.circuit.record_success(slow=slow)
        self._grant_permits()

    def _end(self, permit: Permit) -> None:
        self._under_way -= 1
        permit.trial.under_way -= 1
        if self._probe is permit:
            self._probe = None

    def _requeue(self, waiter: _Waiter) -> None:
        """Puts a promoted call behind the callers that came before its first waiter."""
        self._queue.remove(waiter)
        self._queue.append(waiter)
        self._grant_permits()

    def _grant_permits(self) -> None:
        """Grants each waiting call its permit, or refuses it, as far as that is known now."""
        for waiter in sorted(self._queue, key=lambda waiter: waiter.priority.background):
            if waiter.permit.done():
                continue
            if self.circuit.state is CircuitState.OPEN or waiter.trial.exhausted:
                waiter.permit.set_exception(AdmissionRefusedError())
            elif waiter.trial.may_call and self._has_capacity():
                waiter.permit.set_result(self._new_permit(waiter.trial))

    def _has_capacity(self) -> bool:
        if self.circuit.state is CircuitState.HALF_OPEN:
            return self._probe is None
        taken = self._under_way + self.circuit.consecutive_failures
        proven = CALLS_PER_SUCCESS * self.circuit.consecutive_successes
        return taken < MAX_UNPROVEN + min(proven, MAX_SUCCESSES)

    def _new_permit(self, trial: AccountTrial) -> Permit:
        permit = Permit(trial, self.circuit.epoch, self.circuit.state is CircuitState.HALF_OPEN)
        self._under_way += 1
        trial.under_way += 1
        if permit.probe:
            self._probe = permit
            self.circuit.start_probe()
        return permit
