"""Mutations that create, rename and delete tags."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, Final

import strawberry

from linkweave.errors import ErrorCode, InvalidInputError
from linkweave.gather.session import Session
from linkweave.models import Capability
from linkweave.providers.write_capabilities import CanWriteTags
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.parsing import parse_tag_names
from linkweave.schema.operations.account_write import WriteOutcome, write
from linkweave.schema.types.payloads import DeletePayload, TagPayload, UserError, input_failure, user_errors
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
            errors=_errors(outcome, "name"),
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
    return TagPayload(tag=tag, errors=_errors(outcome, field))


def _errors(outcome: WriteOutcome[Any], field: str) -> list[UserError]:
    """Returns the error of a change. One about a name has the path of its argument.

    That is `name` for a tag that is unknown, and else `field`, which has the name that the tag shall have.
    Refusal tables are about links: the field that they name is not one of these arguments.
    """
    failure = outcome.failure
    if failure is None or failure.account is None:
        return outcome.errors(())
    paths = {ErrorCode.NOT_FOUND: ("name",), ErrorCode.CONFLICT: (field,), ErrorCode.REJECTED: (field,)}
    return user_errors([replace(failure, path=paths.get(failure.code))], ())
