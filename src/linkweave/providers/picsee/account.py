"""What PicSee tells of the account as a whole: plan and counters, domains, tags, tracking presets."""

from linkweave.models import AccountUsage, Domain, ExternalIdUsage, Period, Plan, Preset, Quota, TrackingPresets
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.inferred import DOMAIN_KINDS
from linkweave.providers.picsee.times import range_query
from linkweave.providers.picsee.wire import (
    DomainsAnswer,
    PresetRow,
    StatusAnswer,
    TagsAnswer,
    TrackingToolsAnswer,
    UsageAnswer,
)
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource


async def read_tags(adapter: Adapter) -> tuple[str, ...]:
    """Every tag's name."""
    answer, _ = await adapter.fetch(
        TagsAnswer, Call("list tags", "GET", "/v4/my/api/tags", bucket="tags", reads=Resource.TAGS)
    )
    return tuple(tag.value for tag in answer.data)


async def read_domains(adapter: Adapter) -> tuple[Domain, ...]:
    """Brand domains, subdomains and the shared one."""
    answer, _ = await adapter.fetch(
        DomainsAnswer, Call("list domains", "GET", "/v4/my/api/domains", bucket="domains", reads=Resource.DOMAINS)
    )
    return tuple(
        Domain(
            name=row.name.lower(),
            kind=DOMAIN_KINDS.get(row.kind or ""),
            is_default=row.is_default,
            https=row.https,
        )
        for row in answer.data
    )


async def read_presets(adapter: Adapter) -> TrackingPresets:
    """UTM values used before, Meta pixels, and tag managers."""
    call = Call(
        "read tracking presets",
        "GET",
        "/v4/my/api/trackingTools",
        bucket="trackingTools",
        reads=Resource.TRACKING_PRESETS,
    )
    tools = (await adapter.fetch(TrackingToolsAnswer, call))[0].data
    return TrackingPresets(
        tools.utm_sources,
        tools.utm_mediums,
        tuple(map(_preset, tools.pixels)),
        tuple(map(_preset, tools.tag_managers)),
    )


async def read_usage(adapter: Adapter) -> AccountUsage:
    """The plan and its yearly API requests. When their count starts anew is not documented."""
    answer, fetched = await adapter.fetch(
        StatusAnswer, Call("read usage", "GET", "/v2/my/api/status", bucket="status", reads=Resource.USAGE)
    )
    status = answer.data
    asked_at = status.query_time or fetched.at
    active = None if status.end_time is None else status.end_time > asked_at
    quota = Quota("API requests per year", status.usage, status.quota)
    return AccountUsage(Plan(status.plan_name, status.end_time, active), (quota,))


async def count_by_external_id(adapter: Adapter, period: Period) -> tuple[ExternalIdUsage, ...]:
    """Links made over the API; days to come are none, and are not asked about."""
    if period.start > adapter.today():
        return ()
    query = range_query(period, adapter.clock.now())
    call = Call(
        "count links by external id",
        "GET",
        "/v4/my/api/usage",
        query,
        bucket="usage",
        reads=Resource.USAGE,
        known_as=str(period),
    )
    answer, _ = await adapter.fetch(UsageAnswer, call)
    return tuple(ExternalIdUsage(row.external_id, row.count) for row in answer.data)


def _preset(row: PresetRow) -> Preset:
    return Preset(row.id, row.name)
