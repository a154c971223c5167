"""Statistics of vendors whose links come with the clicks of their whole life, and that have no others."""

from typing import ClassVar

from linkweave.errors import VendorError
from linkweave.models import TOTALS, Dimension, Link, Measure, Period, StatsPart, StatsReport
from linkweave.providers.base import Adapter
from linkweave.providers.call_costs import CallCosts, link_call
from linkweave.providers.read_capabilities import CanGetLinks, CanReadStats


class TotalsWithLinks(Adapter, CanGetLinks, CanReadStats):
    """LINK_STATS from `Link.included`: no call where the link is known, else the one that reads it."""

    call_costs: ClassVar[CallCosts] = CallCosts(stats_call=link_call)
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = frozenset({Measure.CLICKS})

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """The clicks of the link's whole life, whatever the period is.

        Raises:
            NotFoundError: the account has no such link.
            VendorError: the link could not be read.
        """
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        if TOTALS not in parts:
            return StatsReport(self.measures, self.clock.now())
        found = (await self.get_links([handle], frozenset({"included"}))).get(handle)
        if isinstance(found, VendorError):
            raise found
        if found is None:
            raise self.not_found("read statistics")
        return found.included or StatsReport(self.measures, found.fetched_at)

    def known_stats(self, link: Link, period: Period, parts: frozenset[StatsPart]) -> StatsReport | None:  # noqa: ARG002 - totals are always of the whole life
        """The totals that came with `link`."""
        return link.included
