"""Domains, teams, campaigns, trackers, webhooks, plan and counters of an account."""

from dataclasses import dataclass
from datetime import datetime

from linkweave.models.vocabulary import DomainKind, TrackerScope


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain for the short links of an account."""

    name: str
    kind: DomainKind | None = None
    is_default: bool | None = None
    https: bool | None = None
    active: bool | None = None
    team_id: str | None = None
    redirect_status: int | None = None
    root_redirect: str | None = None
    not_found_redirect: str | None = None
    slug_characters: str | None = None
    slug_generation: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A group of people who share links at the provider."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A group of links at the provider."""

    id: str
    name: str
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tracker:
    """A retargeting pixel or analytics tag."""

    id: str
    name: str
    scope: TrackerScope
    kind: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A saved pixel or tag manager."""

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class TrackingPresets:
    """Values that were used before on the account, for pickers in user interfaces."""

    utm_sources: tuple[str, ...] = ()
    utm_mediums: tuple[str, ...] = ()
    pixels: tuple[Preset, ...] = ()
    tag_managers: tuple[Preset, ...] = ()


@dataclass(frozen=True, slots=True)
class Webhook:
    """An HTTP call that the provider makes on an event.

    Exactly one of `link_handle`, `domain` and `tag` is set.
    """

    id: str
    event: str
    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    encoding: str
    ignore_errors: bool
    link_handle: str | None = None
    domain: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The subscription of an account."""

    name: str
    expires_at: datetime | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A counter of the provider, and its limit; None is no limit.

    `name` is the same for all providers, where they count the same. `provider_name` is the provider's own.
    """

    name: str
    used: int
    limit: int | None = None
    resets_at: datetime | None = None
    provider_name: str | None = None

    @property
    def remaining(self) -> int | None:
        """What is left of the limit; None without one."""
        return None if self.limit is None else max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class AccountUser:
    """The provider's user to whom the credentials belong: the provider's id, and a name to log in with."""

    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class AccountUsage:
    """Plan, counters and user, as the provider reports them."""

    plan: Plan | None = None
    quotas: tuple[Quota, ...] = ()
    user: AccountUser | None = None


@dataclass(frozen=True, slots=True)
class ExternalIdUsage:
    """The number of links created over the API for one external id; None stands for links without one."""

    external_id: str | None
    links: int
