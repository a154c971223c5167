"""Reads what a workspace has besides links: tags, folders, domains, and its plan with its counters."""

from dataclasses import replace
from typing import Final, TypeVar

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import AccountUsage, Domain, DomainKind
from linkweave.providers.base import Adapter
from linkweave.providers.dub.inferred import SHARED_DOMAIN
from linkweave.providers.dub.refusals import UNAUTHORIZED, classify_of_a_link
from linkweave.providers.dub.settings import API, PLAN_NAMES, DubSettings
from linkweave.providers.dub.wire import (
    DomainsAnswer,
    FoldersAnswer,
    LinksAnswer,
    ListWire,
    TagRow,
    TagsAnswer,
    WorkspaceAnswer,
)
from linkweave.providers.paging import MAX_PAGES
from linkweave.providers.wire import Wire
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_CHECK: Final = "check the account"
_TAGS: Final = 100
_FOLDERS: Final = 50

WireModel = TypeVar("WireModel", bound=Wire)
Rows = TypeVar("Rows", bound=ListWire)


class AccountReader(Adapter):
    """LIST_TAGS, LIST_DOMAINS and ACCOUNT_USAGE."""

    settings: DubSettings

    async def probe(self) -> tuple[str, ...]:
        """Read one link: the cheapest call that needs the token. Then compare the plan, where the token may read it.

        Raises:
            VendorError: the account cannot be used.
        """
        await self._check_token(_CHECK)
        try:
            workspace, _ = await self._fetch_workspace(_CHECK)
        except VendorError:
            return ()
        own = self.settings.plan
        told = workspace.plan.lower()
        if told not in PLAN_NAMES or told == own:
            return ()
        return (f"plan is {own!r} in the configuration, but {told!r} at Dub",)

    async def list_tags(self) -> tuple[str, ...]:
        """Every tag, by name."""
        return tuple(tag.name for tag in await self.fetch_tags("list tags"))

    async def list_domains(self) -> tuple[Domain, ...]:
        """The domains of the workspace, and dub.sh, which Dub does not list."""
        pages = await self._fetch_pages(
            DomainsAnswer, Call("list domains", "GET", "/domains", bucket=API, reads=Resource.DOMAINS), _FOLDERS
        )
        own = tuple({row.slug.lower(): row.to_domain() for page in pages for row in page.rows}.values())
        shared = Domain(SHARED_DOMAIN, DomainKind.SHARED, is_default=not any(page.row_count for page in pages))
        return own if any(domain.name == SHARED_DOMAIN for domain in own) else (*own, shared)

    async def usage(self) -> AccountUsage:
        """Plan and counters."""
        answer, fetched = await self._fetch_workspace("read account")
        return answer.to_usage(fetched.at)

    async def fetch_tags(self, operation: str) -> tuple[TagRow, ...]:
        """Every tag."""
        call = Call(operation, "GET", "/tags", bucket=API, reads=Resource.TAGS)
        return tuple(row for page in await self._fetch_pages(TagsAnswer, call, _TAGS) for row in page.rows)

    async def folder_ids(self) -> tuple[str, ...]:
        """The ids of the folders that the token may read."""
        call = Call("list links", "GET", "/folders", bucket=API, reads=Resource.CAMPAIGNS)
        pages = await self._fetch_pages(FoldersAnswer, call, _FOLDERS)
        return tuple(dict.fromkeys(row.id for page in pages for row in page.rows))

    async def fetch_about_link(self, model: type[WireModel], call: Call) -> tuple[WireModel, FetchedAnswer]:
        """Make a call that names a link. Dub answers 401 where another workspace has the link (FOUND).

        Raises:
            NotFoundError: this workspace has no such link.
            UnauthenticatedError: Dub does not know the token.
            VendorError: there was no good answer.
        """
        try:
            return await self.fetch(model, replace(call, classify=classify_of_a_link))
        except NotFoundError as error:
            if error.provider_code == UNAUTHORIZED:
                await self._check_token(call.operation)
            raise

    async def _fetch_workspace(self, operation: str) -> tuple[WorkspaceAnswer, FetchedAnswer]:
        path = f"/workspaces/{self.settings.workspace}"
        return await self.fetch(WorkspaceAnswer, Call(operation, "GET", path, bucket=API, reads=Resource.USAGE))

    async def _check_token(self, operation: str) -> None:
        await self.fetch(LinksAnswer, Call(operation, "GET", "/links", (("pageSize", "1"),), bucket=API))

    async def _fetch_pages(self, model: type[Rows], call: Call, size: int) -> list[Rows]:
        """Every page of a list; one that is not full is the last (DOC)."""
        pages: list[Rows] = []
        for number in range(1, MAX_PAGES + 1):
            query = (("page", str(number)), ("pageSize", str(size)))
            answer, _ = await self.fetch(model, replace(call, query=query))
            pages.append(answer)
            if answer.row_count < size:
                return pages
        raise self.bad_response(call, "the list has no end")
