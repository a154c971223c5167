"""Mutations that create, rename and delete tags."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import strawberry

from linkweave.errors import InvalidInputError
from linkweave.gather.session import Session
from linkweave.models import Capability
from linkweave.providers.write_capabilities import CanWriteTags
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.parsing import parse_tag_names
from linkweave.schema.operations.account_write import write
from linkweave.schema.types.payloads import DeletePayload, TagPayload, input_failure, user_errors
from linkweave.schema.types.tag import Tag

AccountId = Annotated[strawberry.ID, strawberry.argument(description="The key or the ID of the account.")]
TagName = Annotated[
    str, strawberry.argument(description="The name of the tag. Upper and lower case make no difference.")
]

_NEEDED: Final = (CanWriteTags, Capability.WRITE_TAGS)


@strawberry.type(description="Mutations of tags.")
class TagMutations:
    @strawberry.mutation(description="Creates a tag. If the account already has the tag, this returns it.")
    async def create_tag(self, info: Info, account: AccountId, name: TagName) -> TagPayload:
        return await _tag(info.context.session, account, "name", name, lambda adapter: adapter.create_tag(name))

    @strawberry.mutation(description="Renames a tag of one account.")
    async def rename_tag(
        self,
        info: Info,
        account: AccountId,
        name: TagName,
        new_name: Annotated[str, strawberry.argument(description="The new name of the tag.")],
    ) -> TagPayload:
        return await _tag(
            info.context.session, account, "newName", new_name, lambda adapter: adapter.rename_tag(name, new_name)
        )

    @strawberry.mutation(description="Deletes a tag of one account.")
    async def delete_tag(self, info: Info, account: AccountId, name: TagName) -> DeletePayload:
        outcome = await write(info.context.session, account, _NEEDED, lambda adapter: adapter.delete_tag(name))
        return DeletePayload(
            id=encode_id("Tag", name.casefold()),
            deleted=outcome.failure is None,
            errors=outcome.errors(()),
        )


async def _tag(
    session: Session, account: str, field: str, name: str, change: Callable[[CanWriteTags], Awaitable[str]]
) -> TagPayload:
    """Makes a `change` after which there is a tag with the `name` that the argument `field` has."""
    try:
        parse_tag_names([name], field)
    except InvalidInputError as error:
        return TagPayload(tag=None, errors=user_errors([input_failure(error)], ()))
    outcome = await write(session, account, _NEEDED, change)
    written, loaders = outcome.value, outcome.loaders
    tag = None if written is None or loaders is None else Tag.of(written, (loaders,))
    return TagPayload(tag=tag, errors=outcome.errors(()))
