"""The record that a provider registers: one fact each, read by the gateway, the CLI, the docs and the tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from linkweave.clock import Clock
from linkweave.models import Capability, Dimension
from linkweave.providers.base import Adapter
from linkweave.providers.emulator_kit import CreateEmulator
from linkweave.providers.read_capabilities import CanReadStats
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks
from linkweave.settings import AccountSettings
from linkweave.transport.http.auth import Credentials
from linkweave.transport.lifetimes import Resource
from linkweave.transport.rate_limit.limiter import RateLimit
from linkweave.transport.vendor_client import Classify, Drop, drop_nothing


def _usual(_settings: object) -> Mapping[Resource, float]:
    return {}


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """An account that the provider's emulator knows: its settings, less provider and base_url."""

    key: str
    label: str
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Provider:
    """All that the rest of the gateway knows of a provider."""

    id: str
    name: str
    documentation_url: str
    base_url: str
    settings: type[AccountSettings]
    adapter: type[Adapter]
    classify: Classify
    credentials: Callable[[Any, Clock], Credentials]
    rate_limits: Callable[[Any], tuple[RateLimit, ...]]
    create_emulator: CreateEmulator
    sandbox_accounts: tuple[SandboxAccount, ...]
    drop: Drop = drop_nothing
    """What of an answer must be seen by nobody."""
    lifetimes: Callable[[Any], Mapping[Resource, float]] = _usual
    """Seconds for which answers are fresh, where the vendor's own limits or habits want other ones than usual."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the adapter's bases promise."""
        own = (base.__dict__.get("capability") for base in self.adapter.__mro__)
        return frozenset(capability for capability in own if isinstance(capability, Capability))

    @property
    def writable_fields(self) -> frozenset[str]:
        """Every field of a link's input that the vendor can be told, in snake case."""
        creatable = self.adapter.creatable if issubclass(self.adapter, CanCreateLinks) else frozenset[str]()
        updatable = self.adapter.updatable if issubclass(self.adapter, CanUpdateLinks) else frozenset[str]()
        return creatable | updatable

    @property
    def stats_dimensions(self) -> frozenset[Dimension]:
        """What statistics can be broken down by."""
        return self.adapter.stats_dimensions if issubclass(self.adapter, CanReadStats) else frozenset()
