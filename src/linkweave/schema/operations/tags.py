"""Making, renaming and deleting tags."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import strawberry

from linkweave.gather.session import Session
from linkweave.models import Capability
from linkweave.providers.write_capabilities import CanWriteTags
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.operations.account_write import write
from linkweave.schema.types.payloads import DeletePayload, TagPayload
from linkweave.schema.types.tag import Tag

OfAccount = Annotated[strawberry.ID, strawberry.argument(description="The key or the ID of the account.")]
TagName = Annotated[
    str, strawberry.argument(description="The name of the tag. Upper and lower case make no difference.")
]

_ABLE: Final = (CanWriteTags, Capability.WRITE_TAGS)


@strawberry.type(description="Mutations of tags.")
class TagMutations:
    @strawberry.mutation(description="Creates a tag. If the account already has the tag, this returns it.")
    async def create_tag(self, info: Info, account: OfAccount, name: TagName) -> TagPayload:
        return await _tag(info.context.session, account, lambda adapter: adapter.create_tag(name))

    @strawberry.mutation(description="Renames a tag of one account.")
    async def rename_tag(
        self,
        info: Info,
        account: OfAccount,
        name: TagName,
        new_name: Annotated[str, strawberry.argument(description="The new name of the tag.")],
    ) -> TagPayload:
        return await _tag(info.context.session, account, lambda adapter: adapter.rename_tag(name, new_name))

    @strawberry.mutation(description="Deletes a tag of one account.")
    async def delete_tag(self, info: Info, account: OfAccount, name: TagName) -> DeletePayload:
        done = await write(info.context.session, account, _ABLE, lambda adapter: adapter.delete_tag(name))
        return DeletePayload(
            id=encode_id("Tag", name.casefold()),
            deleted=done.failure is None,
            errors=done.errors(()),
        )


async def _tag(session: Session, account: str, do: Callable[[CanWriteTags], Awaitable[str]]) -> TagPayload:
    done = await write(session, account, _ABLE, do)
    tag = None if done.value is None or done.loaders is None else Tag.of(done.value, (done.loaders,))
    return TagPayload(tag=tag, errors=done.errors(()))
