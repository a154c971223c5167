"""Statistics of vendors whose links come with the clicks of their whole life, and that have no others."""

from typing import ClassVar, Final

from linkweave.errors import VendorError
from linkweave.models import TOTALS, Dimension, Link, Measure, Period, StatsPart, StatsReport
from linkweave.providers.base import Adapter
from linkweave.providers.call_costs import CallCosts, link_call
from linkweave.providers.read_capabilities import CanGetLinks, CanReadStats

ONLY_WHOLE_LIVES: Final = "counts the clicks of a link's whole life only, not those of days; Link.clicks has them"
"""Why a vendor without days has no statistics of a period."""


class TotalsWithLinks(Adapter, CanGetLinks, CanReadStats):
    """LINK_STATS from `Link.included`: no call where the link is known, else the one that reads it."""

    call_costs: ClassVar[CallCosts] = CallCosts(stats_call=link_call, life_calls=0)
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = frozenset({Measure.CLICKS})
    countable_days: ClassVar[str] = "none"
    tells_days: ClassVar[bool] = False

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period | None,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """The clicks of the link's whole life; a period has none, and no call is made for it.

        Raises:
            NotFoundError: the account has no such link.
            VendorError: the link could not be read.
        """
        if period is not None or TOTALS not in parts:
            return self._without_days(parts)
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        found = (await self.get_links([handle], frozenset({"included"}))).get(handle)
        if isinstance(found, VendorError):
            raise found
        if found is None:
            raise self.not_found("read statistics")
        return found.included or StatsReport(self.measures, found.fetched_at)

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:  # noqa: ARG002 - there are no other parts than totals
        """The totals that came with `link`, of its whole life."""
        return link.included if period is None else None

    def _without_days(self, parts: frozenset[StatsPart]) -> StatsReport:
        failure = self.unsupported("read statistics", ONLY_WHOLE_LIVES)
        return StatsReport(self.measures, self.clock.now(), failures={TOTALS: failure} if TOTALS in parts else {})
