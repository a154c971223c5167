"""Creates links: one or many, at the first account that can, never twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from math import ceil
from typing import Final
from urllib.parse import unquote

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import AmbiguousError, ConflictError, ErrorCode, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import require_capability, unsupported_capability
from linkweave.gather.lookup.existing_links import (
    SearchResult,
    find_destination,
    find_slug_owner,
    normalise_destination,
)
from linkweave.gather.writing.batches import map_chunks, map_concurrently, map_groups
from linkweave.gather.writing.failures import Failure, from_error, from_input_problems, unsupported_fields
from linkweave.gather.writing.recent_links import RecentLinks
from linkweave.models import Capability, Link
from linkweave.models.changes import NewLink, WrittenLink
from linkweave.providers.write_capabilities import CanCreateLinks, CanCreateLinksTogether

# After these failures it is certain that no link was created, and another account may succeed.
FAILOVER_CODES: Final = frozenset(
    {ErrorCode.UNAVAILABLE, ErrorCode.RATE_LIMITED, ErrorCode.QUOTA_EXHAUSTED, ErrorCode.PLAN_REQUIRED},
)

# Fewer than all: vendors whose lists lag may need their lists for the others.
_COMPARED_FIELDS: Final = frozenset({"handle", "short_url", "slug", "destination"})
_IF_EXISTS: Final = ("if_exists",)
EXISTING_NOT_CHECKED: Final = "whether the account has a link to this destination already could not be checked"


class IfExists(Enum):
    """What to do where the account has a link to the destination already."""

    CREATE = "CREATE"
    RETURN = "RETURN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class CreateCommand:
    """One link to create at the first of `accounts` that can."""

    accounts: tuple[AccountLoaders, ...]
    new: NewLink
    if_exists: IfExists = IfExists.CREATE


@dataclass(frozen=True, slots=True)
class CreateResult:
    """The result of a create command. `loaders` is the last account that was tried."""

    loaders: AccountLoaders
    written: WrittenLink | None = None
    failures: tuple[Failure, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the link may have been created although the call failed."""
        return any(failure.code is ErrorCode.AMBIGUOUS for failure in self.failures)


async def create_links(commands: Sequence[CreateCommand], recent: RecentLinks | None = None) -> list[CreateResult]:
    """Creates links; returns one result per command, in order. Accounts work at the same time.

    A command goes on to its next account only after a certain refusal of the one before. `recent` has the links that
    vendors do not show yet.
    """
    create_at_account = partial(_create_at_account, recent)
    results: dict[int, CreateResult] = {}
    pending = dict(enumerate(commands))
    while pending:
        created = await map_groups(list(pending.values()), lambda command: command.accounts[0].key, create_at_account)
        results.update(zip(pending, created, strict=True))
        pending = {
            index: replace(command, accounts=command.accounts[1:])
            for index, command in pending.items()
            if len(command.accounts) > 1 and _may_fail_over(results[index])
        }
    return [results[index] for index in range(len(commands))]


def find_unsupported(loaders: AccountLoaders, new: NewLink) -> tuple[Failure, ...]:
    """Returns everything in `new` that the API of the account's vendor cannot express. Makes no call."""
    account, adapter = loaders.account, loaders.account.adapter
    if not isinstance(adapter, CanCreateLinks):
        return (from_error(unsupported_capability(account, Capability.CREATE_LINK), account),)
    return (
        *unsupported_fields(new.given(), account, adapter.creatable),
        *from_input_problems(adapter.check_new_link(new), account),
    )


def _may_fail_over(result: CreateResult) -> bool:
    return result.written is None and all(failure.code in FAILOVER_CODES for failure in result.failures)


async def _create_at_account(recent: RecentLinks | None, commands: Sequence[CreateCommand]) -> list[CreateResult]:
    """Creates links at the first account of the commands, which is the same for all of them."""
    loaders = commands[0].accounts[0]
    results = await asyncio.gather(*(_check(loaders, command, recent) for command in commands))
    accepted = [index for index, result in enumerate(results) if not _is_final(result)]
    created = await _create(loaders, [_new_link(loaders, commands[index]) for index in accepted])
    loaders.invalidate()
    await _record(loaders, created)
    for index, result in zip(accepted, created, strict=True):
        if recent is not None and (result.written is not None or result.ambiguous):
            await recent.remember(loaders, commands[index].new.destination, result.written)
        warnings = results[index].failures if result.written is not None else ()
        results[index] = replace(result, failures=(*warnings, *result.failures))
    return results


async def _record(loaders: AccountLoaders, created: Sequence[CreateResult]) -> None:
    written = [result.written for result in created if result.written is not None]
    if loaders.recorder is not None and written:
        await loaders.recorder.wrote_links(loaders.key, written)


async def _check(loaders: AccountLoaders, command: CreateCommand, recent: RecentLinks | None) -> CreateResult:
    """Looks for what the vendor's API cannot express, then for an existing link. The failures may be warnings."""
    unsupported = find_unsupported(loaders, command.new)
    if unsupported:
        return CreateResult(loaders, None, unsupported)
    if command.if_exists is IfExists.CREATE or _reuses(loaders, command):
        return CreateResult(loaders)
    try:
        search = await find_destination(loaders, command.new.destination)
        if search.link is None and recent is not None:
            search = await _find_recent(loaders, command.new.destination, recent, search)
    except VendorError as error:
        return CreateResult(loaders, None, (from_error(error, loaders.account),))
    if search.link is None:
        unsure = Failure(ErrorCode.UNSUPPORTED, EXISTING_NOT_CHECKED, _IF_EXISTS, loaders.account)
        return CreateResult(loaders, None, () if search.complete else (unsure,))
    if command.if_exists is IfExists.RETURN:
        return CreateResult(loaders, WrittenLink(search.link, search.known_fields, created=False))
    return _conflict(loaders, search.link)


async def _find_recent(
    loaders: AccountLoaders, destination: str, recent: RecentLinks, search: SearchResult
) -> SearchResult:
    """Finds the link that was created here a moment ago, and that `search` could not find yet.

    Raises:
        AmbiguousError: it may have been created.
        VendorError: it could not be read.
    """
    known = await recent.find(loaders, destination)
    if known is None:
        return search
    if known.handle is None:
        message = f"{loaders.key}: an earlier create to this destination may have worked, and may not be shown yet"
        operation, wait = "look for an existing link", float(ceil(known.seconds_left))
        raise AmbiguousError(message, account=loaders.key, operation=operation, retry_after=wait, field="destination")
    with bypass_cache():
        link = await loaders.link(known.handle, _COMPARED_FIELDS)
    same = link is not None and normalise_destination(link.destination) == normalise_destination(destination)
    return SearchResult(link, complete=True, known_fields=_COMPARED_FIELDS) if same else search


def _conflict(loaders: AccountLoaders, existing: Link) -> CreateResult:
    message = f"{loaders.key} has a link to this destination already"
    failure = Failure(ErrorCode.CONFLICT, message, ("destination",), loaders.account, existing=existing)
    return CreateResult(loaders, None, (failure,))


def _is_final(result: CreateResult) -> bool:
    """Whether a check ends its command. The warning that existing links were not all checked does not."""
    return result.written is not None or any(failure.path != _IF_EXISTS for failure in result.failures)


def _reuses(loaders: AccountLoaders, command: CreateCommand) -> bool:
    """Whether the vendor itself returns an existing link to the destination."""
    adapter = loaders.account.adapter
    return command.if_exists is IfExists.RETURN and isinstance(adapter, CanCreateLinks) and adapter.finds_existing


def _new_link(loaders: AccountLoaders, command: CreateCommand) -> NewLink:
    return replace(command.new, reuse=_reuses(loaders, command))


async def _create(loaders: AccountLoaders, links: Sequence[NewLink]) -> list[CreateResult]:
    """Creates `links` at one account, by batch where the vendor takes one."""
    adapter = loaders.account.adapter
    if isinstance(adapter, CanCreateLinksTogether) and len(links) > 1:
        return await map_chunks(links, adapter.create_batch_size, lambda chunk: _create_batch(loaders, adapter, chunk))
    return await map_concurrently(links, lambda new: _create_one(loaders, new))


async def _create_batch(
    loaders: AccountLoaders, adapter: CanCreateLinksTogether, links: Sequence[NewLink]
) -> list[CreateResult]:
    try:
        answers = await adapter.create_links(links)
    except VendorError as error:
        answers = [error] * len(links)
    return [await _result(loaders, new, answer) for new, answer in zip(links, answers, strict=True)]


async def _create_one(loaders: AccountLoaders, new: NewLink) -> CreateResult:
    answer: WrittenLink | VendorError
    try:
        answer = await require_capability(loaders.account, CanCreateLinks).create_link(new)
    except VendorError as error:
        answer = error
    return await _result(loaders, new, answer)


async def _result(loaders: AccountLoaders, new: NewLink, answer: WrittenLink | VendorError) -> CreateResult:
    if isinstance(answer, WrittenLink):
        if not answer.created and not new.reuse:
            return _conflict(loaders, answer.link)
        return CreateResult(loaders, answer, _changes(loaders, new, answer))
    failure = from_error(answer, loaders.account)
    if isinstance(answer, AmbiguousError):
        target = f"the destination {new.destination}" if new.slug is None else f"the slug {new.slug}"
        message = f"{failure.message}. Look for {target} there before you try again, or send the same idempotencyKey"
        failure = replace(failure, message=message)
    if isinstance(answer, ConflictError) and answer.field == "slug":
        failure = replace(failure, existing=await find_slug_owner(loaders, new))
    return CreateResult(loaders, None, (failure,))


def _changes(loaders: AccountLoaders, new: NewLink, written: WrittenLink) -> tuple[Failure, ...]:
    """What the vendor has made otherwise without an error: some drop the characters of a slug that they do not use."""
    # Cutt.ly shows the header of a text message at the end of the slug.
    slug = unquote(written.link.slug).removesuffix(f"/{new.sms_header}")
    if not written.created or new.slug is None or "slug" not in written.known_fields or slug == unquote(new.slug):
        return ()
    message = f"{loaders.key}: the link was created with the slug {slug}: the vendor changed the one of the input"
    return (Failure(ErrorCode.REJECTED, message, ("slug",), loaders.account),)
