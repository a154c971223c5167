"""Reads what a workspace has besides links, and the user's plan; creates, renames and deletes tags."""

from collections.abc import Sequence
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import VendorError
from linkweave.models import AccountUsage, Domain
from linkweave.providers.base import Adapter
from linkweave.providers.paging import EndlessListError, next_after_last, read_all_pages
from linkweave.providers.rebrandly.inferred import TAG_COLOR
from linkweave.providers.rebrandly.wire import (
    AccountAnswer,
    DeletedAnswer,
    DomainRow,
    DomainsAnswer,
    LinksAnswer,
    TagAnswer,
    TagRow,
    TagsAnswer,
)
from linkweave.transport.call import Call, Pairs
from linkweave.transport.lifetimes import Resource

BUCKET: Final = "api"
PAGE_SIZE: Final = 25
"""Maximum number of rows of any page."""

_CHECK: Final = "check the account"
_LIST_TAGS: Final = "list tags"
_LIST_DOMAINS: Final = "list domains"


class AccountReader(Adapter):
    """LIST_TAGS, WRITE_TAGS, LIST_DOMAINS and ACCOUNT_USAGE."""

    async def probe(self) -> tuple[str, ...]:
        """Read one link, which needs the key and the workspace. Then see what the plan lacks.

        Raises:
            VendorError: the account cannot be used.
        """
        await self.fetch(LinksAnswer, Call(_CHECK, "GET", "/links", (("limit", "1"),), bucket=BUCKET))
        try:
            account, _ = await self.fetch(AccountAnswer, Call(_CHECK, "GET", "/account", bucket=BUCKET))
        except VendorError:
            return ()
        own, told = self.settings.plan, account.subscription.category
        other = own is not None and told is not None and own.casefold() != told.casefold()
        gaps = account.subscription.features.gaps()
        return (f"plan is {own!r} in the configuration, but {told!r} at Rebrandly", *gaps) if other else gaps

    async def usage(self) -> AccountUsage:
        """The plan and its counters, of all workspaces together."""
        call = Call("read usage", "GET", "/account", bucket=BUCKET, reads=Resource.USAGE)
        return (await self.fetch(AccountAnswer, call))[0].to_usage()

    async def list_domains(self) -> tuple[Domain, ...]:
        """The domains that the workspace may use, the vendor's own among them."""
        query = (("orderBy", "createdAt"),)

        async def read(last: str | None) -> tuple[Sequence[DomainRow], str | None]:
            call = Call(
                _LIST_DOMAINS, "GET", "/domains", page_query(query, last), bucket=BUCKET, reads=Resource.DOMAINS
            )
            answer, _ = await self.fetch(DomainsAnswer, call)
            return answer.rows, next_after_last(answer.rows, PAGE_SIZE - answer.left_out.row_count, _id_of)

        try:
            rows = await read_all_pages(read)
        except EndlessListError:
            raise self.bad_response(Call(_LIST_DOMAINS, "GET", "/domains"), "the list has no end") from None
        return tuple(row.to_domain() for row in rows)

    async def list_tags(self) -> tuple[str, ...]:
        """The name of every tag of the workspace."""
        return tuple(tag.name for tag in await self.fetch_tags())

    async def create_tag(self, name: str) -> str:
        """Create a tag, unless there is one that differs in case at most."""
        known = await self._find_tag(name)
        return (known or await self.make_tag(name)).name

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag, also on its links."""
        operation = "rename tag"
        tag = await self._known_tag(name, operation)
        body = {"name": new_name, "color": tag.color or TAG_COLOR}
        path = self.path_to("/tags", tag.id, operation, "tag")
        answer, _ = await self.fetch(TagAnswer, Call(operation, "POST", path, json=body, bucket=BUCKET, writes=True))
        return answer.name

    async def delete_tag(self, name: str) -> None:
        """Delete a tag, also from its links."""
        operation = "delete tag"
        tag = await self._known_tag(name, operation)
        path = self.path_to("/tags", tag.id, operation, "tag")
        await self.fetch(DeletedAnswer, Call(operation, "DELETE", path, bucket=BUCKET, writes=True))

    async def fetch_tags(self, path: str = "/tags") -> tuple[TagRow, ...]:
        """Every tag of the workspace, or of one link.

        Raises:
            VendorError: they could not be read.
        """
        query = (("orderBy", "name"), ("orderDir", "asc"))

        async def read(last: str | None) -> tuple[Sequence[TagRow], str | None]:
            call = Call(_LIST_TAGS, "GET", path, page_query(query, last), bucket=BUCKET, reads=Resource.TAGS)
            answer, _ = await self.fetch(TagsAnswer, call)
            return answer.rows, next_after_last(answer.rows, PAGE_SIZE - answer.left_out.row_count, _id_of)

        try:
            return await read_all_pages(read)
        except EndlessListError:
            raise self.bad_response(Call(_LIST_TAGS, "GET", path), "the list has no end") from None

    async def make_tag(self, name: str) -> TagAnswer:
        """Create a tag.

        Raises:
            ConflictError: there is such a tag.
            VendorError: the tag was not created, or may have been.
        """
        body = {"name": name, "color": TAG_COLOR}
        return (
            await self.fetch(TagAnswer, Call("create tag", "POST", "/tags", json=body, bucket=BUCKET, writes=True))
        )[0]

    async def _find_tag(self, name: str) -> TagRow | None:
        with bypass_cache():
            tags = await self.fetch_tags()
        return next((tag for tag in tags if tag.name.casefold() == name.casefold()), None)

    async def _known_tag(self, name: str, operation: str) -> TagRow:
        tag = await self._find_tag(name)
        if tag is None:
            raise self.not_found(operation, "tag")
        return tag


def page_query(query: Pairs, last: str | None) -> Pairs:
    """`query` for the page after the row with the id `last`; None is the first page."""
    return (*query, ("limit", str(PAGE_SIZE)), *(() if last is None else (("last", last),)))


def _id_of(row: TagRow | DomainRow) -> str:
    return row.id
