"""Cutt.ly's Team API for one account. It has one URL; `action` names the operation."""

from linkweave.providers.call_costs import CallCosts
from linkweave.providers.cuttly import create_links, edits
from linkweave.providers.cuttly.settings import CUTTLY_DOMAIN
from linkweave.providers.cuttly.statistics import DIMENSIONS, MEASURES
from linkweave.providers.cuttly.update_links import LinkUpdater
from linkweave.providers.read_capabilities import CanGetLinks, CanReadStats
from linkweave.providers.write_capabilities import CanCreateLinks, CanDeleteLinks, CanUpdateLinks

_UNKNOWN_SLUG = "linkweave-account-check"


class CuttlyAdapter(
    create_links.LinkCreator,
    LinkUpdater,
    CanGetLinks,
    CanReadStats,
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
):
    """Links by their short URL. The Team API has no list of links, so this account lists none."""

    # An update has a step for each of nine fields, one of which is four calls.
    call_costs = CallCosts(update=12)
    stats_dimensions = DIMENSIONS
    measures = MEASURES
    tells_days = False
    creatable = create_links.CREATABLE
    updatable = edits.UPDATABLE
    clearable = edits.CLEARABLE

    async def probe(self) -> tuple[str, ...]:
        """Reads a link that does not exist. The vendor checks the key first.

        Raises:
            VendorError: the account cannot be used.
        """
        await self.fetch_stats("check the account", f"{CUTTLY_DOMAIN}/{_UNKNOWN_SLUG}", None, None)
        return ()
