"""Rebrandly's JSON, and what it is in the gateway's models. All shapes are DOC unless marked."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from linkweave.models import AccountUsage, AccountUser, Domain, DomainKind, Link, Measure, Plan, Quota, StatsReport
from linkweave.providers.rebrandly.inferred import CYCLE, INLINE_TAGS
from linkweave.providers.short_urls import escaped_short_url
from linkweave.providers.wire import Count, Flag, Limit, Moment, OptionalUrl, Text, TolerantWire, Wire, parse_web_url

MEASURES: Final = frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS})
DEFAULT_DOMAIN: Final = "rebrand.ly"
"""The domain of a new link that names none."""

_PERSONAL: Final = frozenset({"email", "fullName", "avatarUrl"})
_SHARED: Final = "service"
_ROWS: Final = "rows"


def drop_personal(data: object) -> object:
    """`data` without the user's name and address, which GET /account has."""
    if not isinstance(data, dict) or "subscription" not in data:
        return data
    return {name: value for name, value in data.items() if name not in _PERSONAL}


def _parse_address(value: object) -> str:
    """A short URL as Rebrandly writes it: without a scheme."""
    if not isinstance(value, str):
        raise ValueError("is not a short URL")  # noqa: TRY004 - pydantic reports ValueError only
    address = value.removeprefix("https://").removeprefix("http://")
    parse_web_url(f"https://{address}")
    if not address.partition("/")[2]:
        raise ValueError("has no slug")
    return address


class TagRow(Wire):
    """A tag."""

    id: Text
    name: Text
    color: Text | None = None


class LinkRow(Wire):
    """A link. `sessions` are visits, and as such unique clicks."""

    id: Text
    slashtag: Text
    destination: Text
    short_url: Annotated[str, BeforeValidator(_parse_address)] = Field(alias="shortUrl")
    https: Flag | None = None
    title: str | None = None
    description: str | None = None
    created_at: Moment | None = Field(default=None, alias="createdAt")
    last_click_at: Moment | None = Field(default=None, alias="lastClickAt")
    favourite: Flag | None = None
    clicks: Count | None = None
    sessions: Count | None = None
    tags: tuple[TagRow, ...] | None = Field(default=None, alias=INLINE_TAGS)

    def to_link(self, at: datetime, tags: tuple[str, ...] = ()) -> Link:
        """The link as Rebrandly sent it at `at`, with `tags` if they were read for it."""
        own = tags if self.tags is None else tuple(tag.name for tag in self.tags)
        report = StatsReport(MEASURES, at, clicks=self.clicks, unique_clicks=self.sessions)
        return Link(
            handle=self.id,
            short_url=f"{'https' if self.https else 'http'}://{escaped_short_url(self.short_url, self.slashtag)}",
            slug=self.slashtag,
            destination=self.destination,
            fetched_at=at,
            domain=self.short_url.partition("/")[0].lower(),
            title=self.title,
            note=self.description,
            tags=own,
            created_at=self.created_at,
            last_click_at=self.last_click_at,
            starred=self.favourite,
            included=None if self.clicks is None else report,
        )


class ListAnswer(TolerantWire):
    """An answer that is a list."""

    @classmethod
    def prepare(cls, data: object) -> object:
        """The list under the name of the field."""
        return {_ROWS: data} if isinstance(data, list) else None


class LinksAnswer(ListAnswer):
    """GET /links."""

    rows: tuple[LinkRow, ...]

    @property
    def row_count(self) -> int:
        """The number of links, those that could not be read among them."""
        inner = f"{_ROWS}.{INLINE_TAGS}"
        return len(self.rows) + sum(n for name, n in self.left_out.rows.items() if not name.startswith(inner))


class LinkAnswer(LinkRow, TolerantWire):
    """GET /links/{id} and POST /links."""


class UpdatedAnswer(TolerantWire):
    """POST /links/{id}: the link afterwards."""

    id: Text
    destination: str | None = None
    title: str | None = None
    description: str | None = None
    favourite: Flag | None = None


class DeletedAnswer(TolerantWire):
    """DELETE /links/{id} and DELETE /tags/{id}: the last state."""

    id: Text


class TagsAnswer(ListAnswer):
    """GET /tags and GET /links/{id}/tags."""

    rows: tuple[TagRow, ...]


class TagAnswer(TagRow, TolerantWire):
    """POST /tags and POST /tags/{id}."""


class ObjectAnswer(TolerantWire):
    """An object of which nothing is needed: what attaching and detaching a tag answers is not documented."""


class DomainRow(Wire):
    """A domain of the workspace. The vendor's own have the type `service` (FOUND)."""

    id: Text
    full_name: Text = Field(alias="fullName")
    type: str | None = None
    active: Flag | None = None
    homepage: OptionalUrl = Field(default=None, alias="customHomepage")

    def to_domain(self) -> Domain:
        """The domain as the gateway has it."""
        name = self.full_name.lower()
        kind = None if self.type is None else DomainKind.SHARED if self.type == _SHARED else DomainKind.BRANDED
        return Domain(name, kind, name == DEFAULT_DOMAIN, active=self.active, root_redirect=self.homepage)


class DomainsAnswer(ListAnswer):
    """GET /domains."""

    rows: tuple[DomainRow, ...]


class CounterRow(Wire):
    """A counter and its limit, which newer answers call `included` (FOUND)."""

    used: Count
    max: Limit | None = None
    included: Limit | None = None

    def to_quota(self, name: str) -> Quota:
        """The counter under a name."""
        return Quota(name, self.used, self.included if self.max is None else self.max)


class Limits(Wire):
    """The counters of the plan."""

    links: CounterRow | None = None
    domains: CounterRow | None = None
    workspaces: CounterRow | None = None
    teammates: CounterRow | None = None
    teams: CounterRow | None = None
    tags: CounterRow | None = None
    scripts: CounterRow | None = None


class Cycle(Wire):
    """The counters of the month."""

    clicks: CounterRow | None = None


class LinkFeatures(Wire):
    """What links of the plan may have."""

    tags: Flag | None = None
    notes: Flag | None = None


class ClickFeatures(Wire):
    """What the plan tells of clicks."""

    total: Flag | None = None


class Features(Wire):
    """What the plan includes. Without a word, it does."""

    links: LinkFeatures = Field(default_factory=LinkFeatures)
    clicks: ClickFeatures = Field(default_factory=ClickFeatures)

    def gaps(self) -> tuple[str, ...]:
        """What the plan lacks of what the gateway offers, in words."""
        included = (
            ("has no tags, so that changes of tags are refused", self.links.tags),
            ("has no notes, so that a note is refused", self.links.notes),
            ("does not count clicks", self.clicks.total),
        )
        return tuple(f"the plan {gap}" for gap, there in included if there is False)


class Subscription(Wire):
    """The plan."""

    category: Text | None = None
    expires_at: Moment | None = Field(default=None, alias="expiredAt")
    features: Features = Field(default_factory=Features)
    limits: Limits = Field(default_factory=Limits)
    cycle: Cycle = Field(default_factory=Cycle, alias=CYCLE)


class AccountAnswer(TolerantWire):
    """GET /account."""

    id: Text
    username: str | None = None
    subscription: Subscription = Field(default_factory=Subscription)

    def to_usage(self) -> AccountUsage:
        """The plan, its counters, and the user."""
        plan, counters = self.subscription, [*self.subscription.limits, *self.subscription.cycle]
        quotas = tuple(row.to_quota(name) for name, row in counters if row is not None)
        shown = None if plan.category is None else Plan(plan.category, plan.expires_at)
        return AccountUsage(shown, quotas, AccountUser(self.id, self.username))
