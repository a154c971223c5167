"""Making links: one or many, at one account or at the next that is able, never twice."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from linkweave.errors import AmbiguousError, ConflictError, ErrorCode, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.lookup.existing_links import find_destination, find_slug
from linkweave.gather.sources import unsupported_capability
from linkweave.gather.writing.chunks import in_parts
from linkweave.gather.writing.failures import Failure, from_error, from_input_problems, unsupported_fields
from linkweave.models import Capability, Link
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink, WrittenLink
from linkweave.providers.write_capabilities import CanCreateLinks, CanCreateLinksTogether

# After one of these nothing was made for certain, and another account may do better.
FAILOVER_CODES: Final = frozenset(
    {ErrorCode.UNAVAILABLE, ErrorCode.RATE_LIMITED, ErrorCode.QUOTA_EXHAUSTED, ErrorCode.PLAN_REQUIRED},
)

# Calls under way at once to an account whose vendor takes one link per call.
AT_ONCE: Final = 10

EXISTING_NOT_CHECKED: Final = "whether the account has a link to this destination already could not be checked"


class IfExists(Enum):
    """What to do when the account has a link to the destination already."""

    CREATE = "CREATE"
    RETURN = "RETURN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class CreateCommand:
    """One link to be made at the first able of `accounts`."""

    accounts: tuple[AccountLoaders, ...]
    new: NewLink
    if_exists: IfExists = IfExists.CREATE


@dataclass(frozen=True, slots=True)
class CreateResult:
    """What came of an order. `loaders` is the account that was asked last."""

    loaders: AccountLoaders
    written: WrittenLink | None = None
    failures: tuple[Failure, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """True when the link may have been made."""
        return any(failure.code is ErrorCode.AMBIGUOUS for failure in self.failures)


async def create_links(orders: Sequence[CreateCommand]) -> list[CreateResult]:
    """What came of each order, in order. Accounts work at the same time, each at its own pace.

    An order goes on to its next account only after a certain refusal of the one before.
    """
    outcomes: dict[int, CreateResult] = {}
    waiting = dict.fromkeys(range(len(orders)), 0)
    while waiting:
        groups: dict[str, list[int]] = {}
        for place, turn in waiting.items():
            groups.setdefault(orders[place].accounts[turn].key, []).append(place)
        done = await asyncio.gather(
            *(_create_at(orders[places[0]].accounts[waiting[places[0]]], orders, places) for places in groups.values()),
        )
        for created in done:
            outcomes.update(created)
        waiting = {
            place: turn + 1
            for place, turn in waiting.items()
            if turn + 1 < len(orders[place].accounts) and _may_pass_on(outcomes[place])
        }
    return [outcomes[place] for place in range(len(orders))]


def _may_pass_on(created: CreateResult) -> bool:
    return created.written is None and all(failure.code in FAILOVER_CODES for failure in created.failures)


async def _create_at(
    loaders: AccountLoaders, orders: Sequence[CreateCommand], places: Sequence[int]
) -> Mapping[int, CreateResult]:
    """Make the orders at `places` at one account."""
    refused = {place: find_unsupported(loaders, orders[place].new) for place in places}
    settled = {place: CreateResult(loaders, None, failures) for place, failures in refused.items() if failures}
    rest = [place for place in places if place not in settled]
    looked = await asyncio.gather(*(_look_first(loaders, orders[place]) for place in rest))
    notes: dict[int, tuple[Failure, ...]] = {}
    for place, found in zip(rest, looked, strict=True):
        if found.written is not None or _prevents(found.failures):
            settled[place] = found
        else:
            notes[place] = found.failures
    made = await _make(loaders, [_asked(loaders, orders[place]) for place in notes])
    loaders.forget()
    for (place, note), one in zip(notes.items(), made, strict=True):
        settled[place] = replace(one, failures=(*note, *one.failures)) if one.written is not None else one
    return settled


def find_unsupported(loaders: AccountLoaders, new: NewLink) -> tuple[Failure, ...]:
    """Everything in `new` that the account's vendor cannot be told; nothing is asked."""
    account, adapter = loaders.account, loaders.account.adapter
    if not isinstance(adapter, CanCreateLinks):
        return (from_error(unsupported_capability(account, Capability.CREATE_LINK), account),)
    return (
        *unsupported_fields(new.given(), account, adapter.creatable),
        *from_input_problems(adapter.check_new_link(new), account),
    )


async def _look_first(loaders: AccountLoaders, order: CreateCommand) -> CreateResult:
    """An existing link where the order asks for one and the vendor does not look itself."""
    adapter = loaders.account.adapter
    vendor_looks = isinstance(adapter, CanCreateLinks) and adapter.finds_existing
    if order.if_exists is IfExists.CREATE or (order.if_exists is IfExists.RETURN and vendor_looks):
        return CreateResult(loaders)
    try:
        search = await find_destination(loaders, order.new.destination)
    except VendorError as error:
        return CreateResult(loaders, None, (from_error(error, loaders.account),))
    if search.link is None:
        unsure = Failure(ErrorCode.UNSUPPORTED, EXISTING_NOT_CHECKED, ("if_exists",), loaders.account)
        return CreateResult(loaders, None, () if search.complete else (unsure,))
    if order.if_exists is IfExists.RETURN:
        return CreateResult(loaders, WrittenLink(search.link, ALL_LINK_FIELDS, created=False))
    message = f"{loaders.key} has a link to this destination already"
    failure = Failure(ErrorCode.CONFLICT, message, ("destination",), loaders.account, existing=search.link)
    return CreateResult(loaders, None, (failure,))


def _prevents(failures: Sequence[Failure]) -> bool:
    return any(failure.path != ("if_exists",) for failure in failures)


def _asked(loaders: AccountLoaders, order: CreateCommand) -> NewLink:
    adapter = loaders.account.adapter
    reuse = order.if_exists is IfExists.RETURN and isinstance(adapter, CanCreateLinks) and adapter.finds_existing
    return replace(order.new, reuse=reuse)


async def _make(loaders: AccountLoaders, news: Sequence[NewLink]) -> list[CreateResult]:
    """Make `news`, together where the vendor can."""
    adapter = loaders.account.adapter
    if isinstance(adapter, CanCreateLinksTogether) and len(news) > 1:
        together = [await _make_together(loaders, adapter, part) for part in in_parts(news, adapter.create_batch_size)]
        return [created for part in together for created in part]
    gate = asyncio.Semaphore(AT_ONCE)

    async def make(new: NewLink) -> CreateResult:
        async with gate:
            return await _make_one(loaders, new)

    return list(await asyncio.gather(*(make(new) for new in news)))


async def _make_together(
    loaders: AccountLoaders, adapter: CanCreateLinksTogether, news: Sequence[NewLink]
) -> list[CreateResult]:
    try:
        results = await adapter.create_links(news)
    except VendorError as error:
        results = [error] * len(news)
    return [await _outcome(loaders, new, result) for new, result in zip(news, results, strict=True)]


async def _make_one(loaders: AccountLoaders, new: NewLink) -> CreateResult:
    adapter = loaders.account.adapter
    try:
        result: WrittenLink | VendorError = (
            await adapter.create_link(new)
            if isinstance(adapter, CanCreateLinks)
            else unsupported_capability(loaders.account, Capability.CREATE_LINK)
        )
    except VendorError as error:
        result = error
    return await _outcome(loaders, new, result)


async def _in_the_way(loaders: AccountLoaders, new: NewLink) -> Link | None:
    try:
        return (await find_slug(loaders, new)).link
    except VendorError:
        return None


async def _outcome(loaders: AccountLoaders, new: NewLink, result: WrittenLink | VendorError) -> CreateResult:
    if isinstance(result, WrittenLink):
        return CreateResult(loaders, result)
    failure = from_error(result, loaders.account)
    if isinstance(result, AmbiguousError):
        what = f"the destination {new.destination}" if new.slug is None else f"the slug {new.slug}"
        message = f"{failure.message}. Look for {what} there before you try again, or send the same idempotencyKey"
        failure = replace(failure, message=message)
    if isinstance(result, ConflictError) and result.field == "slug":
        failure = replace(failure, existing=await _in_the_way(loaders, new))
    return CreateResult(loaders, None, (failure,))
