"""The links whose clicks are counted, and the accounts of which some are missing."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol

from linkweave.accounts import Account
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.many_stats_loader import LinkSet, ManyStatsLoader
from linkweave.models import TOTALS, Period, StatsPart, StatsReport


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A link whose clicks are counted."""

    loaders: AccountLoaders
    handle: str


@dataclass(frozen=True, slots=True)
class CountedLinks:
    """Links of one account whose clicks are added up."""

    loaders: AccountLoaders | None
    links: LinkSet

    @classmethod
    def of(cls, links: Sequence[CountedLink], *, is_whole_account: bool = False) -> "CountedLinks":
        """Returns `links`, all of one account. `is_whole_account` says that it has no others."""
        handles = tuple(link.handle for link in links)
        return cls(links[0].loaders if links else None, LinkSet(handles, is_whole_account=is_whole_account))

    def request(self, part: StatsPart, period: Period) -> Sequence[Awaitable[object]]:
        """Asks for `part` of the statistics of all links, together where the vendor allows that.

        Each result is a report, or a tuple of reports and errors. Waiters must not cancel them.
        """
        if self.loaders is None:
            return ()
        if len(self.links.handles) > 1 and self._are_summed(self.loaders.many_stats, part):
            return (self.loaders.many_stats.load_sums(self.links, period, part),)
        return [self.loaders.stats_report(handle, period, part) for handle in self.links.handles]

    def _are_summed(self, many_stats: ManyStatsLoader, part: StatsPart) -> bool:
        """Whether the vendor adds the links up. Totals are mostly told for each link."""
        whole = self.links.is_whole_account
        if part == TOTALS:
            return many_stats.sums_totals(whole_account=whole)
        return many_stats.counts_together(part, whole_account=whole)


@dataclass(frozen=True, slots=True)
class IncompleteAccount:
    """An account of which some links are not counted, the reason, and the error where one is the reason.

    `may_have_others` says that its vendor lists no links, so that there may be others than those of the catalog. A sum
    does not depend on them. `is_cut` says that it has more links than are counted one by one.
    """

    account: Account
    reason: str
    error: VendorError | None = None
    may_have_others: bool = False
    is_cut: bool = False


class WholeSum(Protocol):
    """The clicks of all links of an account that match: the catalog knows them, and there are too many to count."""

    @property
    def links(self) -> int:
        """The number of links."""
        ...

    async def report(self, part: StatsPart) -> StatsReport:
        """Returns the totals or the days of all links together.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        ...


def too_many_links(limit: int, *, has_catalog: bool) -> str:
    """Returns why links of an account are not counted, and what counts them: at most `limit` are counted at once."""
    others = "`statsBy(group: ACCOUNT)` with the same filter and range adds up all links, as the catalog knows them"
    remedy = others if has_catalog else "`createdAfter` and `createdBefore` in the filter select fewer of them"
    return f"only {limit} links are counted at once; {remedy}"
