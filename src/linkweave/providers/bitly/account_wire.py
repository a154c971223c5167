"""Bitly's JSON of users, groups and organizations. All shapes are DOC unless marked."""

from collections.abc import Mapping
from datetime import datetime

from linkweave.models import Plan, Quota
from linkweave.providers.bitly.inferred import API_CALLS, QUOTA_NAMES, tier_may_be
from linkweave.providers.bitly.months import next_hour, next_month
from linkweave.providers.wire import Count, Limit, Text, TolerantWire, Wire


def drop_personal(data: object) -> object:
    """`data` without the user's name and addresses, which GET /user has."""
    if not isinstance(data, dict) or "default_group_guid" not in data:
        return data
    return {name: value for name, value in data.items() if name not in {"emails", "name"}}


class TagsAnswer(TolerantWire):
    """GET /groups/{group_guid}/tags."""

    tags: tuple[Text, ...]


class UserAnswer(TolerantWire):
    """GET /user."""

    default_group_guid: Text


class GroupRow(Wire):
    """A group, which a user may have several of."""

    guid: Text
    organization_guid: Text | None = None
    bsds: tuple[Text, ...] | None = None


class GroupsAnswer(TolerantWire):
    """GET /groups."""

    groups: tuple[GroupRow, ...]

    def organizations(self) -> Mapping[str, str]:
        """The organization of each group."""
        return {row.guid: row.organization_guid for row in self.groups if row.organization_guid is not None}


class DomainsAnswer(TolerantWire):
    """GET /bsds: the custom domains of the user."""

    bsds: tuple[Text, ...]


class OrganizationRow(Wire):
    """An organization and its plan."""

    guid: Text
    tier: str | None = None
    tier_family: str | None = None
    tier_display_name: str | None = None

    @property
    def plan(self) -> Plan | None:
        """The plan under the name that Bitly shows."""
        name = self.tier_display_name or self.tier_family or self.tier
        return None if name is None else Plan(name)

    def may_be(self, plan: str) -> bool:
        """Whether the tier may be `plan`."""
        return tier_may_be(plan, (self.tier or "", self.tier_family or "", self.tier_display_name or ""))


class OrganizationsAnswer(TolerantWire):
    """GET /organizations."""

    organizations: tuple[OrganizationRow, ...]


class PlanLimitRow(Wire):
    """A counter of the month."""

    name: Text
    limit: Limit = None
    count: Count


class PlanLimitsAnswer(TolerantWire):
    """GET /organizations/{organization_guid}/plan_limits."""

    plan_limits: tuple[PlanLimitRow, ...]

    def calls_left(self) -> int | None:
        """How many calls of the month are left; None where no counter tells."""
        known = [row.limit - row.count for row in self.plan_limits if _counts_calls(row.name) and row.limit is not None]
        return min(known, default=None)

    def to_quotas(self, at: datetime) -> tuple[Quota, ...]:
        """The counters under the gateway's names, each once."""
        quotas: dict[str, Quota] = {}
        for row in self.plan_limits:
            name = "apiCallsThisMonth" if _counts_calls(row.name) else QUOTA_NAMES.get(row.name, row.name)
            quotas.setdefault(name, Quota(name, row.count, row.limit, next_month(at), row.name))
        return tuple(quotas.values())


class MethodRow(Wire):
    """The calls of an endpoint by one method in this hour."""

    name: Text
    limit: Limit = None
    count: Count


class EndpointRow(Wire):
    """An endpoint, as a template."""

    endpoint: Text
    methods: tuple[MethodRow, ...] = ()


class PlatformLimitsAnswer(TolerantWire):
    """GET /user/platform_limits."""

    platform_limits: tuple[EndpointRow, ...]

    def to_quotas(self, at: datetime) -> tuple[Quota, ...]:
        """The counters of the endpoints that were called in this hour."""
        quotas = {
            name: Quota(name, method.count, method.limit, next_hour(at))
            for row in self.platform_limits
            for method in row.methods
            if method.count and (name := f"{method.name} {row.endpoint}")
        }
        return tuple(quotas.values())


def _counts_calls(name: str) -> bool:
    return API_CALLS in name.casefold()
