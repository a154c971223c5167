"""The order of the layers, in one place: calls come in at the top, the vendor is below the bottom.

The client at the top makes the same call once, in an operation and in the process, and stores its answers. So the
layers below, and the account's health, see each call once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

import httpx2

from linkweave.clock import Clock
from linkweave.observability import NO_OBSERVER, Observer, SecretMasks
from linkweave.storage.valkey import Valkey
from linkweave.transport.cache.answer_cache import AnswerCache
from linkweave.transport.call import Send, Transport
from linkweave.transport.circuit.admission_gate import AdmissionGate
from linkweave.transport.circuit.breaker import CircuitBreaker, OpenCircuitGuard
from linkweave.transport.circuit.circuit import Circuit
from linkweave.transport.classified import Classified, Decode, Drop, decode_json, drop_nothing
from linkweave.transport.health import Health
from linkweave.transport.hosts import HostRouter
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

# The part of its time limit from which a call counts as slow.
SLOW_FRACTION: Final = 0.8


@dataclass(frozen=True, slots=True)
class StackOptions:
    """What the stacks of all accounts share.

    Attributes:
        observer: receives what happens in all layers.
        deadline_seconds: maximum duration of an operation.
        limit_store: where the workers of this machine count their calls; None for this process alone.
        valkey: the server through which machines count together; None for this machine alone.
    """

    observer: Observer = NO_OBSERVER
    deadline_seconds: float = 10.0
    limit_store: SqliteLimitStore | None = None
    valkey: Valkey | None = None

    def slots(self, rate: RateLimit, clock: Clock, account: str) -> Slots:
        """The slots of one limit of `account`."""
        key, store = f"{account}:{rate.bucket}:{rate.seconds:g}", self.limit_store
        local = LocalSlots(rate, clock) if store is None else SqliteSlots(rate, clock, store, key)
        if self.valkey is None:
            return local
        site = uuid4().hex if store is None else store.site
        return ValkeySlots(rate, clock, local, valkey=self.valkey, key=key, site=site)


DEFAULT_OPTIONS: Final = StackOptions()


@dataclass(frozen=True, slots=True)
class Stack:
    """The client of one account, and the parts of its layers that other modules read."""

    client: VendorClient
    windows: tuple[SlidingWindow, ...]
    credentials: Credentials
    send_unsigned: Send

    def with_cache(self, cache: AnswerCache | None) -> "Stack":
        """Returns the same stack, whose client stores its answers in `cache`."""
        return replace(self, client=replace(self.client, cache=cache))

    async def close(self) -> None:
        """Cancels the calls in the background, and returns to the vendor what it has handed out."""
        if self.client.cache is not None:
            await self.client.cache.close()
        await self.credentials.close(self.send_unsigned)


def build_stack(  # noqa: PLR0913 - all of them are named
    *,
    http: httpx2.AsyncClient,
    account: str,
    base_url: str,
    further_hosts: Iterable[str] = (),
    timeout_seconds: float,
    credentials: Credentials,
    rates: Iterable[RateLimit],
    classify: Classify,
    clock: Clock,
    drop: Drop = drop_nothing,
    decode: Decode = decode_json,
    options: StackOptions = DEFAULT_OPTIONS,
    secrets: Iterable[str] = (),
) -> Stack:
    """Builds the layers between an adapter and its vendor, for one account. Errors never quote its `secrets`.

    The hosts of the vendor share the rate limits and the credentials. The health is that of the host at `base_url`.
    """
    observer = options.observer
    observer.account_opened(account)
    windows: dict[str, list[SlidingWindow]] = {}
    for rate in rates:
        window = SlidingWindow(rate, clock, options.slots(rate, clock, account))
        windows.setdefault(rate.bucket, []).append(window)
    gate = AdmissionGate(Circuit(clock, lambda state: observer.circuit_changed(account, state.value)))
    slow_seconds = SLOW_FRACTION * min(timeout_seconds, options.deadline_seconds)

    def limited(address: str, gate: AdmissionGate) -> RateLimited:
        wire = HttpTransport(http, account, address, timeout_seconds, clock)
        classified = Classified(wire, classify, drop, decode)
        breaker = CircuitBreaker(classified, account, gate, slow_seconds, clock, observer)
        return RateLimited(breaker, account, windows, clock, observer)

    def guarded(limited: RateLimited, gate: AdmissionGate) -> Transport:
        authenticated = Authenticated(limited, credentials)
        quota_guard = QuotaGuard(authenticated, account, clock)
        return OpenCircuitGuard(quota_guard, account, gate)

    main = limited(base_url, gate)
    others = {address: AdmissionGate(Circuit(clock, lambda _: None)) for address in further_hosts}
    router = HostRouter(
        guarded(main, gate), {address: guarded(limited(address, own), own) for address, own in others.items()}
    )
    retrying = Retrying(router, account, clock, observer)

    health = Health(clock, lambda: gate.circuit.state, gate.record_unusable_answer)
    client = VendorClient(retrying, account, health, clock, masks=SecretMasks(secrets))
    return Stack(client, tuple(window for group in windows.values() for window in group), credentials, main.send)
