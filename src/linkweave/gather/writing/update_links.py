"""Updates links: by batch where the vendor takes one, else step by step. Reports how far each update came."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from linkweave.errors import NotFoundError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.writing.batches import MAX_CONCURRENT_CALLS, map_chunks, map_groups
from linkweave.gather.writing.failures import (
    Failure,
    Path,
    from_error,
    from_input_problems,
    unclearable_fields,
    unsupported_fields,
)
from linkweave.models import Capability
from linkweave.models.changes import LinkPatch, WrittenLink
from linkweave.providers.write_capabilities import CanUpdateLinks, CanUpdateLinksTogether, UpdateStep


@dataclass(frozen=True, slots=True)
class UpdateCommand:
    """Changes to one link."""

    loaders: AccountLoaders
    handle: str
    patch: LinkPatch


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """How far an update came. Each field of the patch is in exactly one of `applied` and `failed`.

    `handle` is the link's handle after the update. `attempted` is False where the update was refused before any call.
    """

    loaders: AccountLoaders
    handle: str
    applied: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    written: WrittenLink | None = None
    attempted: bool = True


async def update_links(commands: Sequence[UpdateCommand]) -> list[UpdateResult]:
    """Updates links. Accounts work at the same time. Returns one result per command, in order."""
    return await map_groups(commands, lambda command: command.loaders.key, _update_at_account)


async def _update_at_account(commands: Sequence[UpdateCommand]) -> list[UpdateResult]:
    refused = {index: result for index, command in enumerate(commands) if (result := _refuse(command)) is not None}
    accepted = [command for index, command in enumerate(commands) if index not in refused]
    results = await _update_accepted(commands[0].loaders, accepted)
    commands[0].loaders.invalidate()
    await _record(accepted, results)
    updated = iter(results)
    return [refused[index] if index in refused else next(updated) for index in range(len(commands))]


async def _record(commands: Sequence[UpdateCommand], results: Sequence[UpdateResult]) -> None:
    for command, result in zip(commands, results, strict=True):
        recorder, patch = command.loaders.recorder, command.patch.only(result.applied)
        if recorder is not None and result.applied:
            await recorder.updated_link(command.loaders.key, command.handle, result.handle, patch, result.written)


def _refuse(command: UpdateCommand) -> UpdateResult | None:
    """Returns the result of an update that the vendor's API cannot express; None where it can."""
    account, adapter, given = command.loaders.account, command.loaders.account.adapter, command.patch.given()
    if isinstance(adapter, CanUpdateLinks):
        failures = (
            *unsupported_fields(given, account, adapter.updatable),
            *unclearable_fields(command.patch.cleared() & adapter.updatable, account, adapter.clearable),
            *from_input_problems(adapter.check_patch(command.patch), account),
        )
    else:
        failures = (from_error(unsupported_capability(account, Capability.UPDATE_LINK), account),)
    if not failures:
        return None
    return UpdateResult(command.loaders, command.handle, failed=given, failures=failures, attempted=False)


async def _update_accepted(loaders: AccountLoaders, commands: Sequence[UpdateCommand]) -> list[UpdateResult]:
    adapter = loaders.account.adapter
    together = isinstance(adapter, CanUpdateLinksTogether) and all(
        adapter.takes_together(command.patch) for command in commands
    )
    if isinstance(adapter, CanUpdateLinksTogether) and together and len(commands) > 1:
        return await map_chunks(commands, adapter.update_batch_size, lambda chunk: _update_batch(adapter, chunk))
    return await map_groups(commands, lambda command: command.handle, _update_one_link, MAX_CONCURRENT_CALLS)


async def _update_batch(adapter: CanUpdateLinksTogether, commands: Sequence[UpdateCommand]) -> list[UpdateResult]:
    try:
        answers = list(await adapter.update_links([(command.handle, command.patch) for command in commands]))
    except VendorError as error:
        answers = [error] * len(commands)
    return [_batch_result(command, answer) for command, answer in zip(commands, answers, strict=True)]


def _batch_result(command: UpdateCommand, answer: WrittenLink | VendorError | None) -> UpdateResult:
    loaders, given = command.loaders, command.patch.given()
    if answer is None:
        return UpdateResult(loaders, command.handle, applied=given)
    if isinstance(answer, WrittenLink):
        return UpdateResult(loaders, answer.link.handle, applied=given, written=answer)
    return UpdateResult(loaders, command.handle, failed=given, failures=(from_error(answer, loaders.account),))


async def _update_one_link(commands: Sequence[UpdateCommand]) -> list[UpdateResult]:
    """Runs the updates of one link one after the other: some adapters read the link before they write it."""
    results: list[UpdateResult] = []
    handle = commands[0].handle
    for command in commands:
        results.append(await _update_step_by_step(replace(command, handle=handle)))
        handle = results[-1].handle
    return results


def _path_of(step: UpdateStep) -> Path:
    """The field that a step changes; the whole input where it changes several, because the vendor names none."""
    return tuple(step.fields) if len(step.fields) == 1 else ()


async def _update_step_by_step(command: UpdateCommand) -> UpdateResult:
    """Runs the steps of one update, up to the first that fails."""
    loaders, handle, applied = command.loaders, command.handle, frozenset[str]()
    adapter = loaders.account.adapter
    steps = adapter.plan_update(command.patch) if isinstance(adapter, CanUpdateLinks) else ()
    for step in steps:
        try:
            handle = await step.run(handle)
        except VendorError as error:
            failed = command.patch.given() - applied
            failure = from_error(error, loaders.account)
            if len(steps) > 1 and failure.path is None and not isinstance(error, NotFoundError):
                failure = replace(failure, path=_path_of(step))
            return UpdateResult(loaders, handle, applied, failed, (failure,))
        applied |= step.fields
    return UpdateResult(loaders, handle, applied)
