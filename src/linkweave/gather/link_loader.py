"""Links of one account that one request needs: each is fetched at most once, in batches."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from linkweave.accounts import Account
from linkweave.context.task_group import track_task
from linkweave.errors import VendorError
from linkweave.gather.cached_links import get_links
from linkweave.gather.capabilities import require_capability
from linkweave.gather.dataloader import Loader, LoaderFactory, wait_shielded
from linkweave.models import Link, Page
from linkweave.providers.read_capabilities import CanGetLinks

# The handle of a link, and the fields of it that will be read.
LinkKey: TypeAlias = tuple[str, frozenset[str]]


class LinkLoader:
    """Fetches the links that are wanted at the same moment together. Links of lists need no second fetch."""

    def __init__(self, account: Account, make_loader: LoaderFactory) -> None:
        self._account = account
        self._links: dict[str, Link] = {}
        self._stale: dict[str, Exception] = {}
        # Pages that were read. Most requests ask for no link of them by its handle.
        self._pages: list[Page[Link]] = []
        self._make_loader = make_loader

    @cached_property
    def _batches(self) -> Loader[LinkKey, Link | None]:
        # Made for the first key: most requests have none.
        return self._make_loader(self._fetch)

    async def load(self, handle: str, fields: frozenset[str]) -> Link | None:
        """Returns the link; None where the vendor does not know it.

        A provider without single links has none here, even if a list of the request has it. Else the answer would
        depend on what comes first, the list or this.

        Raises:
            VendorError: the link could not be fetched, or the provider does not offer it.
        """
        require_capability(self._account, CanGetLinks)
        link = self.known(handle)
        return link if link is not None else await wait_shielded(self._batches.load((handle, fields)))

    def prime(self, link: Link) -> None:
        """Stores a complete link, so that it is not fetched again."""
        self._take_pages()
        self._links.setdefault(link.handle, link)

    def prime_page(self, page: Page[Link]) -> None:
        """Stores the links of a page, which are complete."""
        self._pages.append(page)

    def known(self, handle: str) -> Link | None:
        """Returns the link where it was loaded or primed before."""
        self._take_pages()
        return self._links.get(handle)

    def stale_because(self, handle: str) -> Exception | None:
        """Returns why a primed link is stale; None where it is current."""
        self._take_pages()
        return self._stale.get(handle)

    def _take_pages(self) -> None:
        pages, self._pages = self._pages, []
        for page in pages:
            for link in page.items:
                self._links.setdefault(link.handle, link)
                if page.stale_because is not None:
                    self._stale[link.handle] = page.stale_because

    async def _fetch(self, keys: list[LinkKey]) -> Sequence[Link | VendorError | None]:
        track_task(asyncio.current_task())
        # A list may have come since a link was wanted.
        self._take_pages()
        missing = [(handle, fields) for handle, fields in keys if handle not in self._links]
        failures = await self._fetch_missing(missing) if missing else {}
        return [self._links.get(handle) or failures.get(handle) for handle, _ in keys]

    async def _fetch_missing(self, keys: Sequence[LinkKey]) -> Mapping[str, VendorError]:
        """Fetches these links. Returns the failures."""
        handles = list(dict.fromkeys(handle for handle, _ in keys))
        adapter = require_capability(self._account, CanGetLinks)
        fields = frozenset[str]().union(*(fields for _, fields in keys))
        found = await get_links(self._account, adapter, handles, fields)
        self._links.update({handle: link for handle, link in found.items() if isinstance(link, Link)})
        return {handle: error for handle, error in found.items() if isinstance(error, VendorError)}
