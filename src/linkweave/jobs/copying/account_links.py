"""Reads the links of one account for a plan: from its vendor, or from the catalog."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from linkweave.catalog.reads.questions.links import NEWEST_FIRST, AccountScope, LinkQuestion, Position
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.listing.link_pages import list_links
from linkweave.gather.listing.link_query import MAX_FIRST, AccountQuery, LinkQuery, ListPosition
from linkweave.gather.sources import SourceStatus
from linkweave.models import Capability, Link, LinkFilter
from linkweave.providers.read_capabilities import CanListLinks

if TYPE_CHECKING:
    # A gateway without a catalog starts without its database library.
    from linkweave.catalog.reads.reads import CatalogReads

# Maximum number of links that are read from a vendor while the caller waits, if the catalog knows them as well.
MAX_LIVE: Final = 500
_KNOWN_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class AccountLinks:
    """Links of an account. `notice` says why others may be missing, or how old they are."""

    links: tuple[Link, ...]
    notice: str | None = None


async def read_links(loaders: AccountLoaders, wanted: LinkFilter, reads: "CatalogReads", limit: int) -> AccountLinks:
    """Returns the links that match, newest first, and at most one more than `limit`.

    The vendor is asked. The catalog answers for a vendor that cannot list, and where it knows every link of a large
    account, or of one that fails.

    Raises:
        VendorError: the links can be read from neither.
        CatalogUnavailableError: the database cannot be used.
    """
    question = LinkQuestion((AccountScope(loaders.key, wanted),))
    state = (await reads.states([loaders.key])).get(loaders.key)
    walked = state is not None and state.walked_at is not None
    if not isinstance(loaders.account.adapter, CanListLinks):
        known = await _read_known(question, reads, limit)
        if known.links:
            return known
        raise unsupported_capability(loaders.account, Capability.LIST_LINKS)
    if walked and await reads.count(question) > MAX_LIVE:
        return await _read_known(question, reads, limit)
    try:
        return await _read_live(loaders, wanted, limit)
    except VendorError:
        if walked:
            return await _read_known(question, reads, limit)
        raise


async def _read_known(question: LinkQuestion, reads: "CatalogReads", limit: int) -> AccountLinks:
    links: list[Link] = []
    after: Position | None = None
    more = True
    while more and len(links) <= limit:
        page = await reads.links(question, NEWEST_FIRST, min(_KNOWN_PAGE, limit + 1 - len(links)), after)
        links += [known.link for known in page.links]
        more = page.has_next
        after = page.links[-1].position if page.links else None
    key = question.scopes[0].account
    return AccountLinks(tuple(links), f"the links of {key} are those that the catalog knows")


async def _read_live(loaders: AccountLoaders, wanted: LinkFilter, limit: int) -> AccountLinks:
    query, position = LinkQuery((AccountQuery(loaders, wanted),)), ListPosition()
    links: list[Link] = []
    while len(links) <= limit:
        page = await list_links(query, MAX_FIRST, position)
        links += [edge.link for edge in page.edges]
        source = page.sources[0]
        if source.error is not None and source.status is SourceStatus.FAILED:
            raise source.error
        if source.status is SourceStatus.PARTIAL:
            return AccountLinks(tuple(links), f"not all links of {loaders.key} were read: {source.notice}")
        if not page.has_next:
            break
        position = page.end
    return AccountLinks(tuple(links[: limit + 1]))
