"""Clicks of one link, at hosts that tell days and at those that do not."""

from dataclasses import replace
from typing import Final
from urllib.parse import quote

from linkweave.models import DayClicks, Period, StatsReport
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc import wire
from linkweave.providers.tinycc.handles import LinkName
from linkweave.providers.tinycc.links import lifetime
from linkweave.providers.tinycc.refusals import no_such_link
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_OPERATION: Final = "read statistics"


async def ask_stats(vendor: Adapter, handle: str, period: Period) -> StatsReport:
    """GET /stats/{hash}: totals of the link's whole life, and its days in `period` where the host tells days."""
    name = LinkName.parse(handle)
    if name is None:
        raise no_such_link(vendor.account, _OPERATION)
    path, query = f"/stats/{quote(name.slug, safe='')}", (("domain", name.domain),)
    call = Call(_OPERATION, "GET", path, query, reads=Resource.STATISTICS)

    def own(answer: wire.StatsAnswer) -> wire.LinkCounts:
        for entry in answer.stats:
            if entry.slug == name.slug:
                return entry
        raise vendor.bad_response(call, "the link's statistics are missing")

    answer, fetched = await vendor.fetch(wire.StatsAnswer, call, own)
    entry = own(answer)
    report = lifetime(entry.total_clicks, entry.unique_clicks, fetched.at)
    return replace(report, series=_series(entry, period))


def _series(entry: wire.LinkCounts, period: Period) -> tuple[DayClicks, ...] | None:
    if entry.daily_clicks is None:
        return None
    days = sorted(entry.daily_clicks.items())
    return tuple(
        DayClicks(day, counts.total, counts.unique) for day, counts in days if period.start <= day <= period.end
    )
