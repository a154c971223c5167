"""Keeps calls from a vendor that is down, and tells what became of each call that left."""

from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock
from linkweave.context.call_context import current_call
from linkweave.context.deadline import remaining_seconds
from linkweave.context.operation_context import current_operation
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    CircuitOpenError,
    ErrorCode,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.observability import CANCELLED, NOBODY, Observer
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.circuit.admission_gate import AdmissionGate, Place, RefusedError
from linkweave.transport.health import CircuitState

_BREAKDOWNS: Final = (AmbiguousError, BadResponseError, UnavailableError, VendorTimeoutError)
OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class Breaker:
    """The last layer before the wire: lets a call leave or refuses it, and learns from how it ended.

    A call that takes `slow_seconds` or longer is slow; one that was broken off earlier, because its operation's time
    was up, tells nothing of the vendor.
    """

    inner: Transport
    account: str
    admission: AdmissionGate
    slow_seconds: float
    clock: Clock
    observer: Observer = NOBODY

    async def send(self, call: Call) -> Answer:
        """Send `call` when the account may be called.

        Raises:
            CircuitOpenError: the account has failed too often; no call was made.
            VendorTimeoutError: the operation's time was up before the call could leave; no call was made.
        """
        try:
            place = await self._enter(call)
        except BaseException:
            # Refused, or cancelled while it waited: the call was not sent.
            _release_slot()
            raise
        _count()
        started = self.clock.monotonic()
        self.observer.calling(self.account, call.operation)
        try:
            answer = await self.inner.send(call)
        except VendorError as error:
            self._failed(place, error, self.clock.monotonic() - started)
            self._tell(call, started, error.code, None)
            raise
        except BaseException:
            self.admission.unknown(place)
            self.observer.called(self.account, call.operation, self.clock.monotonic() - started, CANCELLED, None)
            raise
        self._answered(place, call, answer, self.clock.monotonic() - started)
        self._tell(call, started, None if answer.refusal is None else answer.refusal.kind.code, answer.status)
        return answer

    async def _enter(self, call: Call) -> Place:
        try:
            return await self.admission.enter(current_operation().trial(self.account), remaining_seconds(self.clock))
        except RefusedError:
            failure: VendorError = refusal(self.account, call, self.admission)
        except TimeoutError:
            failure = VendorTimeoutError(
                f"{self.account} was not asked in time, because it is slow to answer others ({call.operation})",
                account=self.account,
                operation=call.operation,
            )
        raise failure from None

    def _failed(self, place: Place, error: VendorError, seconds: float) -> None:
        cut_off = seconds < self.slow_seconds and remaining_seconds(self.clock) == 0
        if cut_off or not isinstance(error, _BREAKDOWNS):
            self.admission.unknown(place)
        else:
            self.admission.failed(place, slow=seconds >= self.slow_seconds)

    def _answered(self, place: Place, call: Call, answer: Answer, seconds: float) -> None:
        # What is written may be large, and takes its time.
        slow = seconds >= self.slow_seconds and not call.writes
        if answer.refused_as(BadResponseError, UnavailableError):
            self.admission.failed(place, slow=slow)
        else:
            self.admission.answered(place, slow=slow)

    def _tell(self, call: Call, started: float, code: ErrorCode | None, status: int | None) -> None:
        outcome = OK if code is None else code.value
        self.observer.called(self.account, call.operation, self.clock.monotonic() - started, outcome, status)


@dataclass(frozen=True, slots=True)
class OpenCircuit:
    """Above all that waits: while the circuit is open, a call is refused before it stands in any line."""

    inner: Transport
    account: str
    admission: AdmissionGate

    async def send(self, call: Call) -> Answer:
        """Send `call` unless the circuit is open.

        Raises:
            CircuitOpenError: it is; no call was made.
        """
        if self.admission.circuit.state is CircuitState.OPEN:
            raise refusal(self.account, call, self.admission)
        return await self.inner.send(call)


def refusal(account: str, call: Call, admission: AdmissionGate) -> CircuitOpenError:
    """Says that `account` is not called, and when it will be."""
    return CircuitOpenError(
        f"{account} is not called at the moment, because its latest calls have failed ({call.operation})",
        account=account,
        operation=call.operation,
        retry_after=admission.circuit.seconds_left or None,
    )


def _release_slot() -> None:
    slot = current_call().slot
    if slot is not None:
        slot.release_unused()


def _count() -> None:
    tally = current_operation().record
    if tally is not None:
        tally.calls += 1
