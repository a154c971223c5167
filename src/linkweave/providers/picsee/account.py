"""Reads the facts about a PicSee account: plan and counters, domains, tags, tracking presets."""

from datetime import datetime

from linkweave.models import (
    AccountUsage,
    AccountUser,
    Domain,
    ExternalIdUsage,
    Period,
    Plan,
    Preset,
    Quota,
    TrackingPresets,
)
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.inferred import DOMAIN_KINDS
from linkweave.providers.picsee.settings import PicseeSettings
from linkweave.providers.picsee.times import range_query, wall_time
from linkweave.providers.picsee.wire import (
    DomainRow,
    DomainsAnswer,
    PresetRow,
    StatusAnswer,
    TagsAnswer,
    TrackingToolsAnswer,
    UsageAnswer,
)
from linkweave.transport.call import Call, Pairs
from linkweave.transport.lifetimes import Resource


class AccountReader(Adapter):
    """LIST_TAGS, LIST_DOMAINS, LIST_TRACKING_PRESETS, ACCOUNT_USAGE and EXTERNAL_ID_USAGE."""

    settings: PicseeSettings

    async def probe(self) -> tuple[str, ...]:
        """Reads the plan and compares it with the configured one, on which limits and searches depend.

        Raises:
            VendorError: the account cannot be used.
        """
        plan = (await self.usage()).plan
        if plan is None or self.settings.plan in plan.name.lower():
            return ()
        return (f"plan is {self.settings.plan!r} in the configuration, but {plan.name!r} at PicSee",)

    async def list_tags(self) -> tuple[str, ...]:
        """Every tag, as spelled at PicSee."""
        call = Call("list tags", "GET", "/v4/my/api/tags", bucket="tags", reads=Resource.TAGS)
        answer, _ = await self.fetch(TagsAnswer, call)
        return tuple(tag.value for tag in answer.data)

    async def list_domains(self) -> tuple[Domain, ...]:
        """Brand domains, subdomains and the shared domain."""
        call = Call("list domains", "GET", "/v4/my/api/domains", bucket="domains", reads=Resource.DOMAINS)
        answer, _ = await self.fetch(DomainsAnswer, call)
        return tuple(map(_domain, answer.data))

    async def tracking_presets(self) -> TrackingPresets:
        """UTM values used before, Meta pixels, and tag managers."""
        call = Call(
            "read tracking presets",
            "GET",
            "/v4/my/api/trackingTools",
            bucket="trackingTools",
            reads=Resource.TRACKING_PRESETS,
        )
        tools = (await self.fetch(TrackingToolsAnswer, call))[0].data
        pixels, tag_managers = (tuple(map(_preset, rows)) for rows in (tools.pixels, tools.tag_managers))
        return TrackingPresets(tools.utm_sources, tools.utm_mediums, pixels, tag_managers)

    async def usage(self) -> AccountUsage:
        """The plan and its API requests of the year. When their count starts again is not documented."""
        call = Call("read usage", "GET", "/v2/my/api/status", bucket="status", reads=Resource.USAGE)
        answer, fetched = await self.fetch(StatusAnswer, call)
        status = answer.data
        read_at = status.query_time or fetched.at
        active = None if status.end_time is None else status.end_time > read_at
        plan = None if status.plan_name is None else Plan(status.plan_name, status.end_time, active)
        quotas = () if status.usage is None else (_yearly_calls(status.usage, status.quota),)
        user = None if status.user_id is status.email is None else AccountUser(status.user_id, status.email)
        return AccountUsage(plan, quotas, user)

    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        """Links that were made over the API, in one call; none where the period is yet to come."""
        if period.start > self.today():
            return ()
        return await self._count_links(range_query(period, self.clock.now()), str(period))

    async def external_id_usage_between(self, start: datetime, end: datetime) -> tuple[ExternalIdUsage, ...]:
        """Links that were made over the API between two times of day, in one call."""
        now = self.clock.now()
        if start > now:
            return ()
        query = (("startTime", wall_time(start)), ("endTime", wall_time(min(end, now))))
        return await self._count_links(query, f"{start.isoformat()}/{end.isoformat()}")

    async def _count_links(self, within: Pairs, cache_name: str) -> tuple[ExternalIdUsage, ...]:
        call = Call(
            "count links by external id",
            "GET",
            "/v4/my/api/usage",
            within,
            bucket="usage",
            reads=Resource.USAGE,
            cache_name=cache_name,
        )
        answer, _ = await self.fetch(UsageAnswer, call)
        return tuple(ExternalIdUsage(row.external_id, row.count) for row in answer.data)


def _yearly_calls(used: int, limit: int | None) -> Quota:
    return Quota("apiCallsThisYear", used, limit, provider_name="API requests per year")


def _domain(row: DomainRow) -> Domain:
    kind = DOMAIN_KINDS.get(row.kind or "")
    return Domain(name=row.name.lower(), kind=kind, is_default=row.is_default, https=row.https)


def _preset(row: PresetRow) -> Preset:
    return Preset(row.id, row.name)
