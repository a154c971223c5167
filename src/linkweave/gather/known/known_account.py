"""What the catalog knows of one account, in place of what its vendor cannot tell."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import orjson

from linkweave.accounts import Account
from linkweave.catalog.reads.questions.changes import LinkChange
from linkweave.catalog.reads.questions.clicks import LinkReadings
from linkweave.catalog.reads.questions.links import NEWEST_FIRST, AccountScope, LinkQuestion, Position
from linkweave.context.cache_control import forbid_storing
from linkweave.errors import CatalogUnavailableError, UnavailableError
from linkweave.gather.dataloader import Loader, LoaderFactory
from linkweave.models import Domain, Link, LinkFilter, Page, Period

if TYPE_CHECKING:
    from linkweave.catalog.reads.reads import CatalogReads

Answer = TypeVar("Answer")

_PAGE: Final = 100


class KnownAccount:
    """Reads what the catalog knows of one account, for one request.

    Every method but `changes` raises UnavailableError where the catalog's database cannot be used: the error belongs to
    this account, and those of which the vendors tell everything are not affected.
    """

    def __init__(self, account: Account, reads: "CatalogReads", make_loader: LoaderFactory) -> None:
        self._account = account
        self._reads = reads
        self._changes: Loader[str, tuple[LinkChange, ...]] = make_loader(self._load_changes)

    async def page(self, wanted: LinkFilter, token: str | None) -> Page[Link]:
        """Returns a page of the known links that match, newest first."""
        question = LinkQuestion((AccountScope(self._account.key, wanted),))
        after = None if token is None else Position.of(orjson.loads(token))
        known = await self._ask(self._reads.links(question, NEWEST_FIRST, _PAGE, after), "list links")
        end = known.links[-1].position.as_json() if known.links and known.has_next else None
        fetched_at = min((each.seen_at for each in known.links), default=self._account.adapter.clock.now())
        following = None if end is None else orjson.dumps(end).decode()
        return Page(tuple(each.link for each in known.links), fetched_at, following)

    async def tags(self) -> tuple[str, ...]:
        """Returns the tags of the known links."""
        return await self._ask(self._reads.tags(self._account.key), "list tags")

    async def domains(self) -> tuple[Domain, ...]:
        """Returns the domains of the account's settings and of its known links."""
        known = await self._ask(self._reads.domains(self._account.key), "list domains")
        return tuple(Domain(name) for name in dict.fromkeys((*self._account.settings.domains, *known)))

    async def clicks(self, handles: Sequence[str], period: Period | None) -> Mapping[str, LinkReadings]:
        """Returns the clicks of each of these links that is known."""
        return await self._ask(self._reads.clicks(self._account.key, handles, period), "read statistics")

    async def changes(self, handle: str) -> tuple[LinkChange, ...]:
        """Returns the changes of a link, newest first; none where it is not known.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        return await self._changes.load(handle)

    async def _load_changes(self, handles: list[str]) -> list[tuple[LinkChange, ...]]:
        forbid_storing()
        found = await self._reads.changes(self._account.key, handles)
        return [found.get(handle, ()) for handle in handles]

    async def _ask(self, answer: Awaitable[Answer], operation: str) -> Answer:
        # The syncer changes the catalog without a word to the cache of responses.
        forbid_storing()
        try:
            return await answer
        except CatalogUnavailableError as error:
            key = self._account.key
            raise UnavailableError(f"{key}: {error.message} ({operation})", account=key, operation=operation) from None
