"""Version 1 of ShortenWorld's API for one account."""

from typing import ClassVar, Final

from linkweave.models import Dimension, Measure
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListCampaigns,
    CanListDomains,
    CanListLinks,
    CanListTeams,
    CanListTrackers,
    CanReadStats,
    LinkOrder,
)
from linkweave.providers.shortenworld import create_links, patch_calls, statistics
from linkweave.providers.shortenworld.inferred import PAGE_SIZE
from linkweave.providers.shortenworld.link_lists import LINK_LISTS
from linkweave.providers.shortenworld.link_reader import MAX_LINKS_READ
from linkweave.providers.shortenworld.trackers import TrackerWriter
from linkweave.providers.shortenworld.update_links import LinkUpdater
from linkweave.providers.write_capabilities import CanCreateLinks, CanDeleteLinks, CanUpdateLinks, CanWriteTrackers

# Domains are listed by team. How many teams an account has is not known before they are listed.
_ASSUMED_TEAMS: Final = 4


class ShortenWorldAdapter(
    create_links.LinkCreator,
    LinkUpdater,
    statistics.StatisticsReader,
    TrackerWriter,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListDomains,
    CanListTeams,
    CanListCampaigns,
    CanListTrackers,
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
    CanWriteTrackers,
):
    """ShortenWorld. A link's handle is its `linkId`."""

    # Links are found by reading both lists, however many are wanted. A new link may need the teams and their domains
    # first, and an update has at most six calls.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE,
        lists=len(LINK_LISTS),
        get_batch=MAX_LINKS_READ,
        search_calls=MAX_LINKS_READ // PAGE_SIZE,
        domains=1 + _ASSUMED_TEAMS,
        create=2 + _ASSUMED_TEAMS,
        update=6,
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = statistics.DIMENSIONS
    measures: ClassVar[frozenset[Measure]] = statistics.MEASURES
    creatable: ClassVar[frozenset[str]] = create_links.CREATABLE
    updatable: ClassVar[frozenset[str]] = patch_calls.UPDATABLE
    clearable: ClassVar[frozenset[str]] = patch_calls.CLEARABLE

    async def probe(self) -> tuple[str, ...]:
        """Logs in and lists the teams.

        Raises:
            VendorError: the account cannot be used.
        """
        return () if await self.list_teams() else ("a team at ShortenWorld: links and domains belong to teams",)
