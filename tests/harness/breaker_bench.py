"""A breaker over a vendor that answers as a test wants it, in virtual time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.virtual_time import LoopClock
from harness.wires import READ, answer, in_virtual_time
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import (
    UnavailableError,
    VendorError,
)
from linkweave.observability import Observer
from linkweave.transport.call import Answer, Call
from linkweave.transport.circuit.admission_gate import AdmissionGate
from linkweave.transport.circuit.breaker import Breaker
from linkweave.transport.circuit.circuit import Circuit
from linkweave.transport.classified import Classified
from linkweave.transport.health import CircuitState

GOOD = answer()


def failure(kind: type[VendorError] = UnavailableError) -> VendorError:
    return kind("it broke", account="main", operation="list links")


@dataclass
class Vendor:
    """Answers after `seconds` with what `outcome` says of the number of the call, from 0."""

    outcome: Callable[[int], Answer | VendorError] = lambda _number: GOOD
    seconds: float = 0.125
    came: list[float] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:
        number = len(self.came)
        self.asked.append(call.operation)
        self.came.append(LoopClock().monotonic())
        await asyncio.sleep(self.seconds)
        outcome = self.outcome(number)
        if isinstance(outcome, VendorError):
            raise outcome
        return outcome


@dataclass
class Watcher(Observer):
    states: list[str] = field(default_factory=list)
    calls: list[tuple[str, str, float, str, int | None]] = field(default_factory=list)

    def circuit(self, account: str, state: str) -> None:
        self.states.append(f"{account} {state}")

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        self.calls.append((account, operation, seconds, outcome, status))


class Bench:
    """A breaker over a vendor, as it is made for an account with a timeout of 5 seconds."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor, self.watcher = vendor, Watcher()
        circuit = Circuit(LoopClock(), lambda state: self.watcher.circuit("main", state.value), lambda: 0.0)
        self.admission = AdmissionGate(circuit)
        classified = Classified(vendor, lambda _status, _data: None)
        self.breaker = Breaker(classified, "main", self.admission, 4.0, LoopClock(), self.watcher)

    @property
    def state(self) -> CircuitState:
        return self.admission.circuit.state

    async def send(self, count: int, call: Call = READ) -> list[Answer | BaseException]:
        return await asyncio.gather(*(self.breaker.send(call) for _ in range(count)), return_exceptions=True)

    async def one_operation(self, count: int) -> list[Answer | BaseException]:
        with use_operation(OperationContext(trials={})):
            return await self.send(count)


def codes(outcomes: list[Answer | BaseException]) -> list[str]:
    return [outcome.code.value if isinstance(outcome, VendorError) else "ok" for outcome in outcomes]


def run(story: Callable[[Bench], object], vendor: Vendor) -> Bench:
    async def told() -> Bench:
        bench = Bench(vendor)
        await story(bench)  # type: ignore[misc] # every story is a coroutine function
        return bench

    return in_virtual_time(told())
