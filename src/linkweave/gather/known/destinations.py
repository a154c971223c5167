"""Destinations of links, from the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from linkweave.catalog.reads.questions.destinations import DestinationOrder, DestinationPage, DestinationQuestion
from linkweave.catalog.reads.questions.links import NEWEST_FIRST, DestinationKey
from linkweave.catalog.reads.questions.orders import OrderValue
from linkweave.context.cache_control import forbid_storing
from linkweave.gather.known.counted_days import counting
from linkweave.gather.known.link_lists import KnownLinks, known_sources, knows_all
from linkweave.gather.sources import Source, record_sources
from linkweave.gather.statistics.counted_links import CountedLink, IncompleteAccount, too_many_links
from linkweave.models import Measure

MAX_COUNTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class KnownDestinations:
    """The destinations of the links that match."""

    links: KnownLinks
    question: DestinationQuestion

    @classmethod
    def of(cls, links: KnownLinks, wanted: DestinationQuestion) -> "KnownDestinations":
        """Returns the destinations of `links` that meet the conditions of `wanted`."""
        accounts = [each.loaders.account for each in links.query.accounts]
        question = replace(
            wanted,
            links=links.question,
            counting_clicks=counting(accounts, Measure.CLICKS),
            counting_unique_clicks=counting(accounts, Measure.UNIQUE_CLICKS),
        )
        return cls(links, question)

    async def page(
        self, order: DestinationOrder, first: int, after: tuple[OrderValue, str] | None
    ) -> tuple[DestinationPage, tuple[Source, ...]]:
        """Returns the next `first` destinations after `after`, and what each account contributed.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        forbid_storing()
        page = await self.links.reads.destinations(self.question, order, first, after)
        states = await self.links.reads.states([each.loaders.key for each in self.links.query.accounts])
        holding = [each.loaders.account for each in self.links.query.accounts if each.loaders.may_hold_links]
        if not all(knows_all(account, states) for account in holding):
            page = replace(page, destinations=tuple(replace(each, complete=False) for each in page.destinations))
        returned = {each.loaders.key: 0 for each in self.links.query.accounts}
        for destination in page.destinations:
            for key in destination.accounts:
                returned[key] += 1
        sources = known_sources(self.links.query, states, returned, has_next=page.has_next)
        return page, record_sources(sources)

    async def count(self) -> int:
        """Returns the number of destinations that match.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        forbid_storing()
        return await self.links.reads.count_destinations(self.question)

    def to(self, key: DestinationKey) -> KnownLinks:
        """Returns the links to one destination."""
        return replace(self.links, destination=key)


async def counted_links(links: KnownLinks) -> tuple[list[CountedLink], Mapping[str, IncompleteAccount]]:
    """Returns at most MAX_COUNTED of `links`, and the accounts of which some are missing.

    Raises:
        CatalogUnavailableError: the database cannot be used.
    """
    page = await links.page(NEWEST_FIRST, MAX_COUNTED, None)
    counted = [CountedLink(edge.loaders, edge.link.handle) for edge in page.edges]
    reason = too_many_links(MAX_COUNTED, has_catalog=True)
    accounts = (each.loaders.account for each in links.query.accounts) if page.has_next else ()
    return counted, {account.key: IncompleteAccount(account, reason) for account in accounts}
