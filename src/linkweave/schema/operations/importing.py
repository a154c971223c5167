"""The mutation that imports links."""

from typing import Annotated

import strawberry

from linkweave.errors import InvalidInputError, LinkweaveError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import catalog_of
from linkweave.jobs.importing.import_links import MAX_IMPORTED, ImportResult, ImportState, import_links
from linkweave.schema.context import Info
from linkweave.schema.inputs.copying import ImportLinksInput
from linkweave.schema.inputs.parsing import find_account
from linkweave.schema.operations.failures import failure_of
from linkweave.schema.types.link import Link
from linkweave.schema.types.payloads import UserError, user_errors


@strawberry.type(description="What became of one short URL.")
class ImportedLink:
    short_url: str = strawberry.field(description="The short URL, as it was given.")
    state: ImportState = strawberry.field(description="Whether the link is in the catalog now.")
    link: Link | None = strawberry.field(description="The link. Null if it was not found.")
    error: UserError | None = strawberry.field(description="Why there is no link. Null if there is one.")

    @classmethod
    def of(cls, info: Info, loaders: AccountLoaders, result: ImportResult) -> "ImportedLink":
        error = None if result.error is None else failure_of(info.context.session, result.error)
        return cls(
            short_url=result.short_url,
            state=result.state,
            link=None if result.link is None else Link.of(loaders, result.link),
            error=None if error is None else UserError.of(error.under(("input",))),
        )


@strawberry.type(description="The result of an import.")
class ImportLinksPayload:
    results: list[ImportedLink] = strawberry.field(
        description="One result per short URL, in their order. Empty if nothing could be imported."
    )
    errors: list[UserError] = strawberry.field(description="The errors of the whole import. Empty if it was made.")


@strawberry.type(description="Mutations that import links.")
class ImportMutations:
    @strawberry.mutation(
        description=(
            "Puts existing links into the catalog, by their short URLs. This is for providers that cannot list links. "
            "Each link is looked up at the provider once. Needs the catalog."
        )
    )
    async def import_links(
        self,
        info: Info,
        input: Annotated[ImportLinksInput, strawberry.argument(description="The links to import.")],  # noqa: A002 - the contract's name
    ) -> ImportLinksPayload:
        session = info.context.session
        try:
            loaders = find_account(session, "account", input.account)
            if len(input.short_urls) > MAX_IMPORTED:
                message = f"{len(input.short_urls)} are too many; at most {MAX_IMPORTED} are allowed"
                raise InvalidInputError("shortUrls", message)
            results = await import_links(loaders, input.short_urls, catalog_of(session, "importLinks"))
        except LinkweaveError as error:
            return ImportLinksPayload(results=[], errors=user_errors([failure_of(session, error)]))
        return ImportLinksPayload(results=[ImportedLink.of(info, loaders, each) for each in results], errors=[])
