"""The circuit breaker: sends no calls to a vendor that is down, and reports how each call ended."""

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
from linkweave.observability import CANCELLED, NO_OBSERVER, Observer
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.circuit.admission_gate import AdmissionGate, AdmissionRefusedError, Permit
from linkweave.transport.health import CircuitState

# The errors of a wire that say that the vendor is not well.
_BREAKDOWNS: Final = (AmbiguousError, BadResponseError, UnavailableError, VendorTimeoutError)
OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """The layer above `Classified`: waits for a permit, and learns from how the call ended.

    A call that takes `slow_seconds` or longer is slow. A call that was cut off earlier, because its operation's time
    was up, says nothing about the vendor.
    """

    inner: Transport
    account: str
    gate: AdmissionGate
    slow_seconds: float
    clock: Clock
    observer: Observer = NO_OBSERVER

    async def send(self, call: Call) -> Answer:
        """Sends `call` when the gate permits it.

        Raises:
            CircuitOpenError: the account has failed too often; no call was made.
            VendorTimeoutError: the operation's time was up before the call could be sent; no call was made.
        """
        permit = await self._acquire(call)
        _count_call()
        started = self.clock.monotonic()
        self.observer.call_started(self.account, call.operation)
        try:
            answer = await self.inner.send(call)
        except VendorError as error:
            self._record_error(permit, error, self.clock.monotonic() - started)
            self._report(call, started, error.code, None)
            raise
        except BaseException:
            self.gate.release(permit)
            self.observer.call_ended(self.account, call.operation, self.clock.monotonic() - started, CANCELLED, None)
            raise
        self._record_answer(permit, call, answer, self.clock.monotonic() - started)
        self._report(call, started, None if answer.refusal is None else answer.refusal.kind.code, answer.status)
        return answer

    async def _acquire(self, call: Call) -> Permit:
        try:
            return await self._permit(call)
        except BaseException:
            # Refused, or cancelled while it waited: the call was not sent.
            slot = current_call().slot
            if slot is not None:
                slot.release_unused()
            raise

    async def _permit(self, call: Call) -> Permit:
        name = self.account if call.host is None else f"{self.account} {call.host}"
        try:
            return await self.gate.acquire(current_operation().trial(name), remaining_seconds(self.clock))
        except AdmissionRefusedError:
            error: VendorError = circuit_open_error(self.account, call, self.gate)
        except TimeoutError:
            message = f"{self.account} was not called in time, because it answers other calls slowly ({call.operation})"
            error = VendorTimeoutError(message, account=self.account, operation=call.operation)
        raise error from None

    def _record_error(self, permit: Permit, error: VendorError, seconds: float) -> None:
        cut_off = seconds < self.slow_seconds and remaining_seconds(self.clock) == 0
        if cut_off or not isinstance(error, _BREAKDOWNS):
            self.gate.release(permit)
        else:
            self.gate.record_failure(permit, slow=seconds >= self.slow_seconds)

    def _record_answer(self, permit: Permit, call: Call, answer: Answer, seconds: float) -> None:
        # A write may be large, and takes its time.
        slow = seconds >= self.slow_seconds and not call.writes
        if answer.refused_as(BadResponseError, UnavailableError):
            self.gate.record_failure(permit, slow=slow)
        else:
            self.gate.record_answer(permit, slow=slow)

    def _report(self, call: Call, started: float, code: ErrorCode | None, status: int | None) -> None:
        outcome = OK if code is None else code.value
        self.observer.call_ended(self.account, call.operation, self.clock.monotonic() - started, outcome, status)


@dataclass(frozen=True, slots=True)
class OpenCircuitGuard:
    """The layer above all that wait: refuses a call at once while the circuit is open."""

    inner: Transport
    account: str
    gate: AdmissionGate

    async def send(self, call: Call) -> Answer:
        """Sends `call` unless the circuit is open.

        Raises:
            CircuitOpenError: the circuit is open; no call was made.
        """
        if self.gate.circuit.state is CircuitState.OPEN:
            raise circuit_open_error(self.account, call, self.gate)
        return await self.inner.send(call)


def circuit_open_error(account: str, call: Call, gate: AdmissionGate) -> CircuitOpenError:
    """The error for a call that is not sent, with the seconds until the next call may be sent."""
    return CircuitOpenError(
        f"{account} is not called at the moment, because its latest calls have failed ({call.operation})",
        account=account,
        operation=call.operation,
        retry_after=gate.circuit.seconds_left or None,
    )


def _count_call() -> None:
    record = current_operation().record
    if record is not None:
        record.calls += 1
