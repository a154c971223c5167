"""Looks links up by their short URLs, and puts them into the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from linkweave.errors import InvalidInputError, LinkweaveError, NotFoundError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import require_capability
from linkweave.gather.lookup.find_links import split_short_url
from linkweave.gather.writing.batches import map_concurrently
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.providers.read_capabilities import CanGetLinks

if TYPE_CHECKING:
    # A gateway without a catalog starts without its database library.
    from linkweave.catalog.catalog import Catalog

MAX_IMPORTED: Final = 100
_OPERATION: Final = "import links"


class ImportState(Enum):
    """What became of a short URL."""

    IMPORTED = "IMPORTED"
    KNOWN = "KNOWN"
    NOT_FOUND = "NOT_FOUND"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result for one short URL. `error` is why there is no link."""

    short_url: str
    state: ImportState
    link: Link | None = None
    error: LinkweaveError | None = None


async def import_links(loaders: AccountLoaders, short_urls: Sequence[str], catalog: "Catalog") -> list[ImportResult]:
    """Returns one result per short URL, in order. A link that the catalog knows already is not looked up.

    Raises:
        UnsupportedError: the account's vendor cannot look links up.
        CatalogUnavailableError: the database cannot be used.
    """
    finder = require_capability(loaders.account, CanGetLinks)
    known = await catalog.imports.known(loaders.key, short_urls)
    unknown = [url for url in dict.fromkeys(short_urls) if url not in known]

    async def find(short_url: str) -> ImportResult:
        return await _find(loaders, finder, short_url)

    found = {result.short_url: result for result in await map_concurrently(unknown, find)}
    links = [result.link for result in found.values() if result.link is not None]
    if links:
        await catalog.imports.store(loaders.key, links)
    return [ImportResult(url, ImportState.KNOWN, known[url]) if url in known else found[url] for url in short_urls]


async def _find(loaders: AccountLoaders, finder: CanGetLinks, short_url: str) -> ImportResult:
    try:
        domain, slug = split_short_url(short_url, "shortUrls")
        link = await finder.find_link(domain, slug, ALL_LINK_FIELDS)
    except (InvalidInputError, VendorError) as error:
        state = ImportState.NOT_FOUND if isinstance(error, NotFoundError) else ImportState.FAILED
        return ImportResult(short_url, state, None, error)
    if link is None:
        missing = NotFoundError(f"{loaders.key} has no such link", account=loaders.key, operation=_OPERATION)
        return ImportResult(short_url, ImportState.NOT_FOUND, None, missing)
    return ImportResult(short_url, ImportState.IMPORTED, link)
