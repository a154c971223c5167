"""Deletes links, and resets their statistics: one outcome per link."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.known.counted_days import zone_of
from linkweave.gather.writing.batches import map_concurrently, map_groups
from linkweave.gather.writing.failures import Failure, from_error
from linkweave.models import Capability
from linkweave.providers.write_capabilities import CanDeleteLinks, CanDeleteLinksTogether, CanResetStats

# An account, and the handle of one of its links.
Target: TypeAlias = tuple[AccountLoaders, str]
Errors: TypeAlias = Mapping[str, VendorError | None]


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """The outcome of a write to one of many items. `failure` is None where the write happened."""

    failure: Failure | None = None


async def delete_links(targets: Sequence[Target]) -> list[ItemOutcome]:
    """Deletes links; returns one outcome per target, in order."""
    return await _write_to_each(targets, _delete_and_record)


async def reset_stats(targets: Sequence[Target]) -> list[ItemOutcome]:
    """Resets the clicks of links; returns one outcome per target, in order."""
    return await _write_to_each(targets, _reset_and_record)


async def _write_to_each(
    targets: Sequence[Target], write: Callable[[AccountLoaders, Sequence[str]], Awaitable[Errors]]
) -> list[ItemOutcome]:
    async def write_to_account(group: Sequence[Target]) -> list[ItemOutcome]:
        loaders = group[0][0]
        handles = list(dict.fromkeys(handle for _, handle in group))
        try:
            errors = await write(loaders, handles)
        except VendorError as error:
            errors = dict.fromkeys(handles, error)
        loaders.invalidate()
        return [_outcome(loaders, errors[handle]) for _, handle in group]

    return await map_groups(targets, lambda target: target[0].key, write_to_account)


def _outcome(loaders: AccountLoaders, error: VendorError | None) -> ItemOutcome:
    return ItemOutcome(None if error is None else from_error(error, loaders.account))


async def _delete_and_record(loaders: AccountLoaders, handles: Sequence[str]) -> Errors:
    errors = await _delete(loaders, handles)
    deleted = [handle for handle, error in errors.items() if error is None]
    if loaders.recorder is not None and deleted:
        await loaders.recorder.deleted_links(loaders.key, deleted)
    return errors


async def _delete(loaders: AccountLoaders, handles: Sequence[str]) -> Errors:
    adapter = loaders.account.adapter
    if isinstance(adapter, CanDeleteLinksTogether) and len(handles) > 1:
        return await adapter.delete_links(handles)
    if not isinstance(adapter, CanDeleteLinks):
        raise unsupported_capability(loaders.account, Capability.DELETE_LINK)

    async def delete_one(handle: str) -> VendorError | None:
        try:
            await adapter.delete_link(handle)
        except VendorError as error:
            return error
        return None

    return dict(zip(handles, await map_concurrently(handles, delete_one), strict=True))


async def _reset_and_record(loaders: AccountLoaders, handles: Sequence[str]) -> Errors:
    errors = await _reset(loaders, handles)
    reset = [handle for handle, error in errors.items() if error is None]
    if loaders.recorder is not None and reset:
        await loaders.recorder.reset_stats(loaders.key, reset, zone_of(loaders.account))
    return errors


async def _reset(loaders: AccountLoaders, handles: Sequence[str]) -> Errors:
    adapter = loaders.account.adapter
    if not isinstance(adapter, CanResetStats):
        raise unsupported_capability(loaders.account, Capability.RESET_STATS)
    return await adapter.reset_stats(handles)
