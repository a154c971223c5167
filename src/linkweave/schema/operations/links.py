"""Making, changing and deleting links."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from linkweave.errors import ErrorCode, InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.session import Session
from linkweave.gather.writing.create_links import CreateResult, create_links
from linkweave.gather.writing.delete_links import ItemOutcome, delete_links, reset_stats
from linkweave.gather.writing.failures import Failure, Path, from_error
from linkweave.gather.writing.idempotency import KeyedCommand
from linkweave.gather.writing.update_links import UpdateCommand, update_links
from linkweave.models import Capability
from linkweave.models.changes import ALL_LINK_FIELDS, WrittenLink
from linkweave.providers.write_capabilities import CanRestoreLinks
from linkweave.schema.context import Info
from linkweave.schema.inputs.links import CreateLinkInput, UpdateLinkInput
from linkweave.schema.inputs.parsing import check_size, owner_of, read_create, read_key, read_update
from linkweave.schema.names import camel
from linkweave.schema.types.payloads import (
    INPUT,
    DeletePayload,
    LinkPayload,
    ResetStatsPayload,
    UpdateLinkPayload,
    wrong_input,
)

LinkIds = Annotated[list[strawberry.ID], strawberry.argument(description="The link IDs, at most 1000.")]


@strawberry.type(description="Mutations of links.")
class LinkMutations:
    @strawberry.mutation(description="Creates a link at the first of the given accounts that is available.")
    async def create_link(
        self,
        info: Info,
        input: Annotated[CreateLinkInput, strawberry.argument(description="The link to create.")],  # noqa: A002 - the contract's name
    ) -> LinkPayload:
        return (await _create(info.context.session, [input], [INPUT]))[0]

    @strawberry.mutation(
        description=(
            "Creates at most 1000 links. Returns one payload per input, in the order of the inputs. The "
            "gateway uses batch calls of the providers that have them."
        ),
    )
    async def create_links(
        self,
        info: Info,
        inputs: Annotated[list[CreateLinkInput], strawberry.argument(description="The links to create.")],
    ) -> list[LinkPayload]:
        check_size(inputs, "inputs")
        return await _create(info.context.session, inputs, [("inputs", str(i)) for i in range(len(inputs))])

    @strawberry.mutation(description="Updates a link.")
    async def update_link(
        self,
        info: Info,
        input: Annotated[UpdateLinkInput, strawberry.argument(description="The changes.")],  # noqa: A002 - the contract's name
    ) -> UpdateLinkPayload:
        return (await _update(info.context.session, [input], [INPUT]))[0]

    @strawberry.mutation(
        description="Updates at most 1000 links. Returns one payload per input, in the order of the inputs."
    )
    async def update_links(
        self,
        info: Info,
        inputs: Annotated[list[UpdateLinkInput], strawberry.argument(description="The changes.")],
    ) -> list[UpdateLinkPayload]:
        check_size(inputs, "inputs")
        return await _update(info.context.session, inputs, [("inputs", str(i)) for i in range(len(inputs))])

    @strawberry.mutation(description="Deletes links. Returns one payload per ID, in the order of the IDs.")
    async def delete_links(self, info: Info, ids: LinkIds) -> list[DeletePayload]:
        targets, refused = _targets(info.context.session, ids)
        done = dict(zip(targets, await delete_links(list(targets.values())), strict=True))
        outcomes = {**refused, **done}
        return [DeletePayload.of(given, outcomes[place]) for place, given in enumerate(ids)]

    @strawberry.mutation(description="Restores a deleted link (PicSee, within 30 days).")
    async def restore_link(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The ID of the link.")],  # noqa: A002 - the contract's name
    ) -> LinkPayload:
        targets, refused = _targets(info.context.session, [id], "id")
        if refused:
            return LinkPayload.refused([failure for done in refused.values() if (failure := done.failure)], ())
        loaders, handle = targets[0]
        return LinkPayload.of(await _restore(loaders, handle), ())

    @strawberry.mutation(
        description=(
            "Sets the click statistics of links back to zero (tiny.cc). Returns one payload per ID, in "
            "the order of the IDs."
        )
    )
    async def reset_stats(self, info: Info, ids: LinkIds) -> list[ResetStatsPayload]:
        targets, refused = _targets(info.context.session, ids)
        done = dict(zip(targets, await reset_stats(list(targets.values())), strict=True))
        outcomes = {**refused, **done}
        return [ResetStatsPayload.of(given, outcomes[place]) for place, given in enumerate(ids)]


async def _create(session: Session, inputs: Sequence[CreateLinkInput], prefixes: Sequence[Path]) -> list[LinkPayload]:
    orders: dict[int, KeyedCommand] = {}
    payloads: dict[int, LinkPayload] = {}
    for place, given in enumerate(inputs):
        try:
            orders[place] = KeyedCommand(read_create(session, given), read_key(given))
        except InvalidInputError as error:
            payloads[place] = LinkPayload.refused([wrong_input(error)], prefixes[place])
    records = session.records.idempotency
    made = await records.create(session.client, list(orders.values()), session.accounts, create_links)
    for place, created in zip(orders, made, strict=True):
        payloads[place] = LinkPayload.of(created, prefixes[place])
    return [payloads[place] for place in range(len(inputs))]


async def _update(
    session: Session, inputs: Sequence[UpdateLinkInput], prefixes: Sequence[Path]
) -> list[UpdateLinkPayload]:
    orders: dict[int, UpdateCommand] = {}
    payloads: dict[int, UpdateLinkPayload] = {}
    for place, given in enumerate(inputs):
        try:
            orders[place] = read_update(session, given)
        except InvalidInputError as error:
            payloads[place] = UpdateLinkPayload.refused(_given(given), [wrong_input(error)], prefixes[place])
    for place, updated in zip(orders, await update_links(list(orders.values())), strict=True):
        payloads[place] = UpdateLinkPayload.of(updated, prefixes[place])
    return [payloads[place] for place in range(len(inputs))]


async def _restore(loaders: AccountLoaders, handle: str) -> CreateResult:
    account, adapter = loaders.account, loaders.account.adapter
    try:
        if not isinstance(adapter, CanRestoreLinks):
            raise unsupported_capability(account, Capability.RESTORE_LINK)
        await adapter.restore_link(handle)
        loaders.invalidate()
        link = await loaders.link(handle, ALL_LINK_FIELDS)
    except VendorError as error:
        return CreateResult(loaders, None, (from_error(error, account),))
    if link is None:
        gone = Failure(
            ErrorCode.NOT_FOUND, f"{loaders.key} restored the link but does not show it yet", account=account
        )
        return CreateResult(loaders, None, (gone,))
    return CreateResult(loaders, WrittenLink(link, ALL_LINK_FIELDS, created=False))


def _targets(
    session: Session, ids: Sequence[str], field: str = "ids"
) -> tuple[dict[int, tuple[AccountLoaders, str]], dict[int, ItemOutcome]]:
    """What each id names, by place; and why not, for those that name nothing."""
    check_size(ids, field)
    targets: dict[int, tuple[AccountLoaders, str]] = {}
    refused: dict[int, ItemOutcome] = {}
    for place, given in enumerate(ids):
        name = field if field == "id" else f"{field}.{place}"
        try:
            loaders, (handle,) = owner_of(session, name, given, "Link")
        except InvalidInputError as error:
            refused[place] = ItemOutcome(wrong_input(error))
        else:
            targets[place] = (loaders, handle)
    return targets, refused


def _given(given: UpdateLinkInput) -> list[str]:
    names = (name for name, value in vars(given).items() if value is not strawberry.UNSET and name != "id")
    return sorted(camel(name) for name in names)
