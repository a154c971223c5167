"""Changing and deleting links, step by step or together, saying how far it came."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.sources import unsupported_capability
from linkweave.gather.writing.chunks import in_parts
from linkweave.gather.writing.create_links import AT_ONCE
from linkweave.gather.writing.failures import Failure, from_error, from_input_problems, unsupported_fields
from linkweave.models import Capability
from linkweave.models.changes import LinkPatch, WrittenLink
from linkweave.providers.write_capabilities import (
    CanDeleteLinks,
    CanDeleteLinksTogether,
    CanResetStats,
    CanUpdateLinks,
    CanUpdateLinksTogether,
)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class UpdateCommand:
    """Changes to one link."""

    loaders: AccountLoaders
    handle: str
    patch: LinkPatch


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """How far an update came: each field given is in exactly one of `applied` and `failed`.

    `handle` finds the link afterwards. `tried` is false where the order was refused before any call.
    """

    loaders: AccountLoaders
    handle: str
    applied: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    written: WrittenLink | None = None
    tried: bool = True


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """Whether something happened to one of many things."""

    failure: Failure | None = None


async def update_links(orders: Sequence[UpdateCommand]) -> list[UpdateResult]:
    """What came of each order, in order. Accounts work at the same time."""
    groups: dict[str, list[int]] = {}
    for place, order in enumerate(orders):
        groups.setdefault(order.loaders.key, []).append(place)
    done = await asyncio.gather(*(_update_at([orders[place] for place in places]) for places in groups.values()))
    outcomes = {
        place: updated
        for places, part in zip(groups.values(), done, strict=True)
        for place, updated in zip(places, part, strict=True)
    }
    return [outcomes[place] for place in range(len(orders))]


async def delete_links(targets: Sequence[tuple[AccountLoaders, str]]) -> list[ItemOutcome]:
    """Whether each link was deleted, in order."""
    return await _to_each(targets, _delete_at)


async def reset_stats(targets: Sequence[tuple[AccountLoaders, str]]) -> list[ItemOutcome]:
    """Whether each link's clicks were forgotten, in order."""
    return await _to_each(targets, _reset_at)


async def _update_at(orders: Sequence[UpdateCommand]) -> list[UpdateResult]:
    """Orders of one account."""
    adapter = orders[0].loaders.account.adapter
    refused = [_refuse(order) for order in orders]
    rest = [order for order, failures in zip(orders, refused, strict=True) if not failures]
    if isinstance(adapter, CanUpdateLinksTogether) and len(rest) > 1:
        parts = [await _update_together(adapter, part) for part in in_parts(rest, adapter.update_batch_size)]
        done = iter([updated for part in parts for updated in part])
    else:
        done = iter(await _update_alone(rest))
    orders[0].loaders.forget()
    return [
        UpdateResult(order.loaders, order.handle, failed=order.patch.given(), failures=failures, tried=False)
        if failures
        else next(done)
        for order, failures in zip(orders, refused, strict=True)
    ]


def _refuse(order: UpdateCommand) -> tuple[Failure, ...]:
    account, adapter = order.loaders.account, order.loaders.account.adapter
    if not isinstance(adapter, CanUpdateLinks):
        return (from_error(unsupported_capability(account, Capability.UPDATE_LINK), account),)
    given, cleared = order.patch.given(), order.patch.cleared()
    return (
        *unsupported_fields(given, account, adapter.updatable),
        *unsupported_fields(cleared & adapter.updatable, account, adapter.clearable),
        *from_input_problems(adapter.check_patch(order.patch), account),
    )


async def _update_alone(orders: Sequence[UpdateCommand]) -> list[UpdateResult]:
    """Links at the same time, but the orders for one link in turn: some vendors read what they write back."""
    groups: dict[str, list[int]] = {}
    for place, order in enumerate(orders):
        groups.setdefault(order.handle, []).append(place)

    async def in_turn(places: Sequence[int]) -> list[UpdateResult]:
        done: list[UpdateResult] = []
        for place in places:
            handle = done[-1].handle if done else orders[place].handle
            done.append(await _update_one(replace(orders[place], handle=handle)))
        return done

    parts = await _at_once(in_turn, list(groups.values()))
    outcomes = {
        place: updated
        for places, part in zip(groups.values(), parts, strict=True)
        for place, updated in zip(places, part, strict=True)
    }
    return [outcomes[place] for place in range(len(orders))]


async def _update_one(order: UpdateCommand) -> UpdateResult:
    """The steps of one update, up to the first that fails."""
    adapter, handle = order.loaders.account.adapter, order.handle
    steps = adapter.plan_update(order.patch) if isinstance(adapter, CanUpdateLinks) else ()
    applied: frozenset[str] = frozenset()
    for step in steps:
        try:
            handle = await step.run(handle)
        except VendorError as error:
            failed = order.patch.given() - applied
            return UpdateResult(order.loaders, handle, applied, failed, (from_error(error, order.loaders.account),))
        applied |= step.fields
    return UpdateResult(order.loaders, handle, applied)


async def _update_together(adapter: CanUpdateLinksTogether, orders: Sequence[UpdateCommand]) -> list[UpdateResult]:
    try:
        results = await adapter.update_links([(order.handle, order.patch) for order in orders])
    except VendorError as error:
        results = [error] * len(orders)
    return [_together(order, result) for order, result in zip(orders, results, strict=True)]


def _together(order: UpdateCommand, result: WrittenLink | VendorError) -> UpdateResult:
    given = order.patch.given()
    if isinstance(result, WrittenLink):
        return UpdateResult(order.loaders, result.link.handle, applied=given, written=result)
    failure = from_error(result, order.loaders.account)
    return UpdateResult(order.loaders, order.handle, failed=given, failures=(failure,))


async def _to_each(
    targets: Sequence[tuple[AccountLoaders, str]],
    do: Callable[[AccountLoaders, Sequence[str]], Coroutine[Any, Any, Mapping[str, VendorError | None]]],
) -> list[ItemOutcome]:
    groups: dict[str, list[str]] = {}
    by_key = {loaders.key: loaders for loaders, _ in targets}
    for loaders, handle in targets:
        groups.setdefault(loaders.key, []).append(handle)
    done = await asyncio.gather(*(do(by_key[key], list(dict.fromkeys(group))) for key, group in groups.items()))
    for loaders in by_key.values():
        loaders.forget()
    results = dict(zip(groups, done, strict=True))
    return [_done_to(loaders, results[loaders.key][handle]) for loaders, handle in targets]


def _done_to(loaders: AccountLoaders, error: VendorError | None) -> ItemOutcome:
    return ItemOutcome(None if error is None else from_error(error, loaders.account))


async def _delete_at(loaders: AccountLoaders, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
    adapter = loaders.account.adapter
    if isinstance(adapter, CanDeleteLinksTogether) and len(handles) > 1:
        return await _or_all(adapter.delete_links(handles), handles)
    if not isinstance(adapter, CanDeleteLinks):
        return dict.fromkeys(handles, unsupported_capability(loaders.account, Capability.DELETE_LINK))

    async def delete(handle: str) -> VendorError | None:
        try:
            await adapter.delete_link(handle)
        except VendorError as error:
            return error
        return None

    return dict(zip(handles, await _at_once(delete, handles), strict=True))


async def _reset_at(loaders: AccountLoaders, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
    adapter = loaders.account.adapter
    if not isinstance(adapter, CanResetStats):
        return dict.fromkeys(handles, unsupported_capability(loaders.account, Capability.RESET_STATS))
    return await _or_all(adapter.reset_stats(handles), handles)


async def _or_all(
    work: Coroutine[Any, Any, Mapping[str, VendorError | None]], handles: Sequence[str]
) -> Mapping[str, VendorError | None]:
    try:
        return await work
    except VendorError as error:
        return dict.fromkeys(handles, error)


async def _at_once(do: Callable[[T], Coroutine[Any, Any, R]], items: Sequence[T]) -> list[R]:
    """`do` to each of `items`, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: T) -> R:
        async with gate:
            return await do(item)

    return list(await asyncio.gather(*(one(item) for item in items)))
