"""Reads what the server has besides short URLs: tags and domains."""

from collections.abc import Sequence
from typing import Final

from linkweave.models import Domain
from linkweave.providers.base import Adapter
from linkweave.providers.paging import EndlessListError, PageNumber, read_all_pages
from linkweave.providers.shlink.wire import DomainsAnswer, TagsAnswer
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_TAGS_A_PAGE: Final = 500
_LIST_TAGS: Final = "list tags"


class AccountReader(Adapter):
    """LIST_TAGS and LIST_DOMAINS."""

    async def probe(self) -> tuple[str, ...]:
        """Read the domains, which needs the key: the server's health does not.

        Raises:
            VendorError: the account cannot be used.
        """
        await self._fetch_domains("check the account", None)
        return ()

    async def list_tags(self) -> tuple[str, ...]:
        """Every tag that is on a link."""
        call = Call(_LIST_TAGS, "GET", "/tags")
        try:
            return await read_all_pages(self._read_tags)
        except EndlessListError:
            raise self.bad_response(call, "the list of tags has no end") from None

    async def list_domains(self) -> tuple[Domain, ...]:
        """Every domain of the server."""
        answer = await self._fetch_domains("list domains", Resource.DOMAINS)
        return tuple(row.to_domain() for row in answer.page.data)

    async def _read_tags(self, token: str | None) -> tuple[Sequence[str], str | None]:
        at = PageNumber.parse(token)
        query = (("page", str(at.number)), ("itemsPerPage", str(_TAGS_A_PAGE)))
        answer, _ = await self.fetch(TagsAnswer, Call(_LIST_TAGS, "GET", "/tags", query, reads=Resource.TAGS))
        tags, pagination = answer.page.data, answer.page.pagination
        got = len(tags) + answer.left_out.row_count
        return tags, at.next(got, _TAGS_A_PAGE, None if pagination is None else pagination.total)

    async def _fetch_domains(self, operation: str, reads: Resource | None) -> DomainsAnswer:
        return (await self.fetch(DomainsAnswer, Call(operation, "GET", "/domains", reads=reads)))[0]
