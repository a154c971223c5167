"""A circuit breaker over a vendor that answers as a test wants, in virtual time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.virtual_time import LoopClock
from harness.wires import READ, answer
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import UnavailableError, VendorError
from linkweave.observability import Observer
from linkweave.transport.call import Answer, Call
from linkweave.transport.circuit.admission_gate import AdmissionGate
from linkweave.transport.circuit.breaker import CircuitBreaker
from linkweave.transport.circuit.circuit import Circuit
from linkweave.transport.classified import Classified
from linkweave.transport.health import CircuitState

GOOD = answer()


def failure(kind: type[VendorError] = UnavailableError) -> VendorError:
    return kind("it broke", account="main", operation="list links")


@dataclass
class RecordingObserver(Observer):
    states: list[str] = field(default_factory=list)
    calls: list[tuple[str, str, float, str, int | None]] = field(default_factory=list)

    def circuit_changed(self, account: str, state: str) -> None:
        self.states.append(f"{account} {state}")

    def call_ended(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        self.calls.append((account, operation, seconds, outcome, status))


class BreakerBench:
    """The breaker of an account with a timeout of 5 seconds.

    The vendor answers after `seconds` with what `outcome` returns for the number of the call, from 0. `calls` has when
    each call came, and its name.
    """

    def __init__(
        self, outcome: Callable[[int], Answer | VendorError] = lambda _number: GOOD, seconds: float = 0.125
    ) -> None:
        self.outcome, self.seconds = outcome, seconds
        self.calls: list[tuple[float, str]] = []
        self.observer = RecordingObserver()
        self.circuit = Circuit(
            LoopClock(), lambda state: self.observer.circuit_changed("main", state.value), lambda: 0.0
        )
        self.gate = AdmissionGate(self.circuit)
        classified = Classified(self, lambda _status, _data: None)
        self.breaker = CircuitBreaker(classified, "main", self.gate, 4.0, LoopClock(), self.observer)

    @property
    def state(self) -> CircuitState:
        return self.circuit.state

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.calls]

    async def send(self, call: Call) -> Answer:
        number = len(self.calls)
        self.calls.append((LoopClock().monotonic(), call.operation))
        await asyncio.sleep(self.seconds)
        outcome = self.outcome(number)
        if isinstance(outcome, VendorError):
            raise outcome
        return outcome

    async def together(self, count: int, call: Call = READ) -> list[Answer | BaseException]:
        return await asyncio.gather(*(self.breaker.send(call) for _ in range(count)), return_exceptions=True)

    async def one_operation(self, count: int) -> list[Answer | BaseException]:
        with use_operation(OperationContext(trials={})):
            return await self.together(count)

    async def open(self) -> None:
        """Let the circuit open, after which the vendor is well."""
        outcome, self.outcome = self.outcome, lambda _: failure()
        await self.together(6)
        self.outcome = outcome


def codes(outcomes: list[Answer | BaseException]) -> list[str]:
    return [outcome.code.value if isinstance(outcome, VendorError) else "ok" for outcome in outcomes]
