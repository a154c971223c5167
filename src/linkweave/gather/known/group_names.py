"""The names that vendors tell of their teams and campaigns, for the groups of the catalog."""

from collections.abc import Mapping

from linkweave.catalog.reads.group_names import OWNER_SEPARATOR
from linkweave.catalog.reads.questions.groups import KnownGroup, StatsGroup
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders


async def name_of_owned(kind: StatsGroup, known: KnownGroup, accounts: Mapping[str, AccountLoaders]) -> str:
    """Returns the name of a team or a campaign; the vendor's own id where the vendor does not tell one."""
    account, own_id = known.key.split(OWNER_SEPARATOR)
    loaders = accounts[account]
    try:
        named = await (loaders.teams() if kind is StatsGroup.TEAM else loaders.campaigns(None))
    except VendorError:
        return known.label
    return next((each.name for each in named if each.id == own_id), known.label)
