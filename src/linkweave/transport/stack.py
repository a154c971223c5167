"""The order of the layers, in one place: callers come in at the top, the vendor is below the bottom.

The client at the top is where the same question is asked once (memo.py in an operation, flights.py in the process) and
remembered (cache.py), so that health counts calls, not askers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

import httpx2

from linkweave.clock import Clock
from linkweave.observability import NOBODY, Observer
from linkweave.storage.valkey import Valkey
from linkweave.transport.cache.answer_cache import AnswerCache
from linkweave.transport.call import Send
from linkweave.transport.circuit.admission_gate import AdmissionGate
from linkweave.transport.circuit.breaker import CircuitBreaker, OpenCircuitGuard
from linkweave.transport.circuit.circuit import Circuit
from linkweave.transport.classified import Classified, Decode, Drop, decode_json, drop_nothing
from linkweave.transport.health import Health
from linkweave.transport.http.auth import Authenticated, Credentials
from linkweave.transport.http.exchange import HttpTransport
from linkweave.transport.rate_limit.limiter import RateLimit, RateLimited, SlidingWindow
from linkweave.transport.rate_limit.quota import QuotaGuard
from linkweave.transport.rate_limit.slots import LocalSlots, Slots
from linkweave.transport.rate_limit.sqlite_slots import SqliteLimitStore, SqliteSlots
from linkweave.transport.rate_limit.valkey_slots import ValkeySlots
from linkweave.transport.refusal import Classify
from linkweave.transport.retry.retry import Retrying
from linkweave.transport.vendor_client import VendorClient

# A call that takes so large a part of the time it is given is slow.
SLOW_PART: Final = 0.8


@dataclass(frozen=True, slots=True)
class StackOptions:
    """What is around all accounts: who watches them, how long an operation may take, where limits are counted.

    Without a `ledger`, this process counts for itself; without a `valkey`, nobody else is counted with.
    """

    observer: Observer = NOBODY
    deadline_seconds: float = 10.0
    ledger: SqliteLimitStore | None = None
    valkey: Valkey | None = None

    def slots(self, rate: RateLimit, clock: Clock, account: str) -> Slots:
        """The slots of one limit of `account`."""
        key = f"{account}:{rate.bucket}"
        ledger = self.ledger
        own = LocalSlots(rate, clock) if ledger is None else SqliteSlots(rate, clock, ledger, key)
        if self.valkey is None:
            return own
        site = uuid4().hex if ledger is None else ledger.site
        return ValkeySlots(rate, clock, own, valkey=self.valkey, key=key, site=site)


DEFAULT_OPTIONS: Final = StackOptions()


@dataclass(frozen=True, slots=True)
class Stack:
    """The client of one account, with what can be read off its layers."""

    client: VendorClient
    windows: tuple[SlidingWindow, ...]
    credentials: Credentials
    send_unsigned: Send

    def with_cache(self, cache: AnswerCache | None) -> "Stack":
        """Returns the same stack, whose client stores its answers in `cache`."""
        return replace(self, client=replace(self.client, cache=cache))

    async def close(self) -> None:
        """End what is under way behind, and give back what the vendor handed out."""
        if self.client.cache is not None:
            await self.client.cache.close()
        await self.credentials.close(self.send_unsigned)


def build_stack(  # noqa: PLR0913 - what differs between accounts, all by name
    *,
    http: httpx2.AsyncClient,
    account: str,
    base_url: str,
    timeout_seconds: float,
    credentials: Credentials,
    rates: Iterable[RateLimit],
    classify: Classify,
    clock: Clock,
    drop: Drop = drop_nothing,
    decode: Decode = decode_json,
    surroundings: StackOptions = DEFAULT_OPTIONS,
) -> Stack:
    """Everything between an adapter and its vendor, for one account."""
    observer = surroundings.observer
    observer.opened(account)
    windows = {rate.bucket: SlidingWindow(rate, clock, surroundings.slots(rate, clock, account)) for rate in rates}
    gate = AdmissionGate(Circuit(clock, lambda state: observer.circuit(account, state.value)))
    slow_seconds = SLOW_PART * min(timeout_seconds, surroundings.deadline_seconds)

    wire = HttpTransport(http, account, base_url, timeout_seconds, clock)
    classified = Classified(wire, classify, drop, decode)
    breaker = CircuitBreaker(classified, account, gate, slow_seconds, clock, observer)
    limited = RateLimited(breaker, account, windows, clock, observer)
    signed = Authenticated(limited, credentials)
    affordable = QuotaGuard(signed, account, clock)
    allowed = OpenCircuitGuard(affordable, account, gate)
    repeated = Retrying(allowed, account, clock, observer)

    health = Health(clock, lambda: gate.circuit.state, gate.record_unusable_answer)
    client = VendorClient(repeated, account, health, clock)
    return Stack(client, tuple(windows.values()), credentials, limited.send)
