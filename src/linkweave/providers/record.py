"""The record that a provider registers: one fact each, read by the gateway, the CLI, the docs and the tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from linkweave.clock import Clock
from linkweave.models import Capability, Dimension, ExpiryPart
from linkweave.providers.base import Adapter
from linkweave.providers.call_quotas import CallQuota, no_call_quotas
from linkweave.providers.read_capabilities import CanReadStats
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks
from linkweave.settings import AccountSettings
from linkweave.transport.classified import Drop, drop_nothing
from linkweave.transport.http.auth import Credentials
from linkweave.transport.lifetimes import Resource
from linkweave.transport.rate_limit.limiter import RateLimit
from linkweave.transport.refusal import Classify, Refusal


def no_rate_limits(_settings: object) -> tuple[RateLimit, ...]:
    """For vendors that publish no limit of calls per second or minute."""
    return ()


def operator_rate_limit(bucket: str) -> Callable[[Any], tuple[RateLimit, ...]]:
    """For vendors that publish no limit: the operator may set one as `calls_per_minute`."""

    def rate_limits(settings: Any) -> tuple[RateLimit, ...]:
        limit: int | None = settings.calls_per_minute
        return () if limit is None else (RateLimit(bucket, limit, 60),)

    return rate_limits


def no_further_hosts(_settings: object) -> tuple[str, ...]:
    """For vendors whose API has one host."""
    return ()


def default_lifetimes(_settings: object) -> Mapping[Resource, float]:
    """For vendors whose answers stay fresh as long as those of most."""
    return {}


def no_plan_gaps(_settings: object) -> tuple[str, ...]:
    """For vendors whose plans do not matter to what the gateway offers, or are not documented."""
    return ()


def only_http_status(_status: int, _data: object) -> Refusal | None:
    """For vendors that express a refusal by the HTTP status alone."""
    return None


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
    settings: type[AccountSettings]
    adapter: type[Adapter]
    credentials: Callable[[Any, Clock], Credentials]
    emulator: str
    """The function that creates the emulator, as "package.module:function". Only the sandbox imports it."""
    sandbox_accounts: tuple[SandboxAccount, ...]
    credentials_from: str = ""
    """What the credentials are and where a person finds them, in words. `linkweave init` shows it."""
    base_url: str = ""
    """The vendor's address; "" where each customer has a site of its own. Then `settings` are a SiteSettings."""
    classify: Classify = only_http_status
    rate_limits: Callable[[Any], tuple[RateLimit, ...]] = no_rate_limits
    drop: Drop = drop_nothing
    """Removes the parts of an answer that must not leave the client."""
    lifetimes: Callable[[Any], Mapping[Resource, float]] = default_lifetimes
    """Seconds for which answers stay fresh, where the defaults do not fit the vendor's limits or habits."""
    call_quotas: Callable[[Any], tuple[CallQuota, ...]] = no_call_quotas
    """The calls that the account's plan includes, so that the catalog's syncer leaves most of them to callers."""

    further_hosts: Callable[[Any], tuple[str, ...]] = no_further_hosts
    """The addresses of other hosts of the vendor's API, which calls name as `host`."""
    plan_gaps: Callable[[Any], tuple[str, ...]] = no_plan_gaps
    """What the configured plan lacks of what the adapter offers, in words. `linkweave check` shows it."""
    without_domains: str | None = None
    """What does not work because the adapter cannot list domains, in one line; None where it lists them."""
    api_path: str = ""
    """The path of the API, such as "/rest/v3"; `base_url` may be given with it, with its start, or without it."""

    def api_url(self, settings: AccountSettings) -> str:
        """The address below which an account's calls go, without a slash at its end."""
        default, address = urlsplit(self.base_url), (settings.base_url or self.base_url).rstrip("/")
        given = urlsplit(address)
        if default.netloc == given.netloc and not given.path:
            # The vendor's own host, without any path.
            address, given = self.base_url.rstrip("/"), default
        return address + _rest_of(self.api_path, given.path.rstrip("/"))

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the adapter's bases promise."""
        own = (base.__dict__.get("capability") for base in self.adapter.__mro__)
        return frozenset(capability for capability in own if isinstance(capability, Capability))

    @property
    def creatable_fields(self) -> frozenset[str]:
        """The fields of NewLink that the vendor takes, in snake case."""
        return self.adapter.creatable if issubclass(self.adapter, CanCreateLinks) else frozenset()

    @property
    def updatable_fields(self) -> frozenset[str]:
        """The fields of LinkPatch that the vendor takes, in snake case."""
        return self.adapter.updatable if issubclass(self.adapter, CanUpdateLinks) else frozenset()

    @property
    def writable_fields(self) -> frozenset[str]:
        """Every field of a link's input that the vendor can be told, in snake case."""
        return self.creatable_fields | self.updatable_fields

    @property
    def clearable_fields(self) -> frozenset[str]:
        """The updatable fields that the vendor can clear, in snake case."""
        return self.adapter.clearable if issubclass(self.adapter, CanUpdateLinks) else frozenset()

    @property
    def expiry_parts(self) -> frozenset[ExpiryPart]:
        """The parts of an expiry that the vendor takes."""
        takes_expiry = "expiry" in self.creatable_fields | self.updatable_fields
        return self.adapter.expiry_parts if takes_expiry else frozenset()

    @property
    def stats_dimensions(self) -> frozenset[Dimension]:
        """What statistics can be broken down by."""
        return self.adapter.stats_dimensions if issubclass(self.adapter, CanReadStats) else frozenset()


def _rest_of(api_path: str, path: str) -> str:
    """The end of `api_path` that `path` lacks: "/v2" of "/api/v2" where it ends with "/api"."""
    segments = api_path.split("/")
    starts = ("/".join(segments[:count]) for count in range(len(segments), 1, -1))
    given = next((start for start in starts if path.endswith(start)), "")
    return api_path.removeprefix(given)
