"""Mutations that create, update, delete and restore links."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

import strawberry

from linkweave.concurrency.in_turns import in_turns
from linkweave.errors import ErrorCode, InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.session import Session
from linkweave.gather.writing.create_links import CreateResult, create_links
from linkweave.gather.writing.delete_links import delete_links, reset_stats
from linkweave.gather.writing.failures import Failure, Path, from_error
from linkweave.gather.writing.idempotency import KeyedCommand
from linkweave.gather.writing.recent_links import RecentLinks
from linkweave.gather.writing.update_links import UpdateCommand, update_links
from linkweave.models import Capability
from linkweave.models.changes import ALL_LINK_FIELDS, WrittenLink
from linkweave.providers.write_capabilities import CanRestoreLinks
from linkweave.schema.context import Info
from linkweave.schema.inputs.links import CreateLinkInput, UpdateLinkInput
from linkweave.schema.inputs.parsing import (
    check_batch_size,
    find_owner,
    parse_create,
    parse_idempotency_key,
    parse_update,
)
from linkweave.schema.names import to_camel_case
from linkweave.schema.operations.batch_targets import find_batch_targets
from linkweave.schema.types.payloads import (
    INPUT,
    DeletePayload,
    LinkPayload,
    ResetStatsPayload,
    UpdateLinkPayload,
    input_failure,
)

# Number of inputs that are checked before other tasks run.
_LINKS_PER_TURN: Final = 20

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
        check_batch_size(inputs, "inputs")
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
        check_batch_size(inputs, "inputs")
        return await _update(info.context.session, inputs, [("inputs", str(i)) for i in range(len(inputs))])

    @strawberry.mutation(description="Deletes links. Returns one payload per ID, in the order of the IDs.")
    async def delete_links(self, info: Info, ids: LinkIds) -> list[DeletePayload]:
        targets = find_batch_targets(info.context.session, ids, "Link")
        deleted = await delete_links(list(targets.found.values()))
        outcomes = {**targets.failed, **dict(zip(targets.found, deleted, strict=True))}
        return [DeletePayload.of(link_id, outcomes[index]) for index, link_id in enumerate(ids)]

    @strawberry.mutation(description="Restores a deleted link (PicSee, within 30 days).")
    async def restore_link(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The ID of the link.")],  # noqa: A002 - the contract's name
    ) -> LinkPayload:
        try:
            loaders, (handle,) = find_owner(info.context.session, "id", id, "Link")
        except InvalidInputError as error:
            return LinkPayload.rejected([input_failure(error)], ())
        return LinkPayload.of(await _restore(loaders, handle), ())

    @strawberry.mutation(
        description=(
            "Sets the click statistics of links back to zero (tiny.cc). Returns one payload per ID, in "
            "the order of the IDs."
        )
    )
    async def reset_stats(self, info: Info, ids: LinkIds) -> list[ResetStatsPayload]:
        targets = find_batch_targets(info.context.session, ids, "Link")
        reset = await reset_stats(list(targets.found.values()))
        outcomes = {**targets.failed, **dict(zip(targets.found, reset, strict=True))}
        return [ResetStatsPayload.of(link_id, outcomes[index]) for index, link_id in enumerate(ids)]


async def _create(session: Session, inputs: Sequence[CreateLinkInput], prefixes: Sequence[Path]) -> list[LinkPayload]:
    commands: dict[int, KeyedCommand] = {}
    payloads: dict[int, LinkPayload] = {}
    async for index, link in in_turns(enumerate(inputs), _LINKS_PER_TURN):
        try:
            commands[index] = KeyedCommand(parse_create(session, link), parse_idempotency_key(link))
        except InvalidInputError as error:
            payloads[index] = LinkPayload.rejected([input_failure(error)], prefixes[index])
    idempotency, recent = session.records.idempotency, RecentLinks(session.records.store, session.clock)
    create = partial(create_links, recent=recent)
    results = await idempotency.create(session.client, list(commands.values()), session.accounts, create)
    for index, result in zip(commands, results, strict=True):
        payloads[index] = LinkPayload.of(result, prefixes[index])
    return [payloads[index] for index in range(len(inputs))]


async def _update(
    session: Session, inputs: Sequence[UpdateLinkInput], prefixes: Sequence[Path]
) -> list[UpdateLinkPayload]:
    commands: dict[int, UpdateCommand] = {}
    payloads: dict[int, UpdateLinkPayload] = {}
    async for index, changes in in_turns(enumerate(inputs), _LINKS_PER_TURN):
        try:
            commands[index] = parse_update(session, changes)
        except InvalidInputError as error:
            failures = [input_failure(error)]
            payloads[index] = UpdateLinkPayload.rejected(_changed_fields(changes), failures, prefixes[index])
    for index, result in zip(commands, await update_links(list(commands.values())), strict=True):
        payloads[index] = UpdateLinkPayload.of(result, prefixes[index])
    return [payloads[index] for index in range(len(inputs))]


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
        not_shown = Failure(
            ErrorCode.NOT_FOUND, f"{loaders.key} restored the link but does not show it yet", account=account
        )
        return CreateResult(loaders, None, (not_shown,))
    written = WrittenLink(link, ALL_LINK_FIELDS, created=False)
    if loaders.recorder is not None:
        await loaders.recorder.wrote_links(loaders.key, (written,))
    return CreateResult(loaders, written)


def _changed_fields(changes: UpdateLinkInput) -> list[str]:
    names = (name for name, value in vars(changes).items() if value is not strawberry.UNSET and name != "id")
    return sorted(to_camel_case(name) for name in names)
