"""One link per idempotency key: a repeated create returns the first result, and no second link after an unclear one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from secrets import token_hex
from typing import Final, TypeAlias

import orjson
from pydantic import TypeAdapter, ValidationError

from linkweave.clock import Clock
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.lookup.existing_links import SearchResult, find_destination, find_slug, normalise_destination
from linkweave.gather.writing.create_links import CreateCommand, CreateResult
from linkweave.gather.writing.failures import from_error
from linkweave.gather.writing.idempotency_refusals import (
    refuse_in_progress,
    refuse_missing,
    refuse_not_shown_yet,
    refuse_other_input,
    refuse_unclear,
    refuse_unstored,
)
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink, WrittenLink
from linkweave.storage.interfaces import Claims
from linkweave.storage.named_locks import NamedLocks
from linkweave.storage.outages import StoreDownError

KEY_TTL_SECONDS: Final = 24 * 3600
# The share of an operation's time in which it may wait for a lock. The rest is for the create, or for the error.
MAX_WAIT_SHARE: Final = 0.8

CreateLinks: TypeAlias = Callable[[Sequence[CreateCommand]], Awaitable[list[CreateResult]]]


@dataclass(frozen=True, slots=True)
class KeyedCommand:
    """A create command and the caller's idempotency key for it.

    `others` are the handles of links that other commands are known to have created: none of them is this command's.
    """

    command: CreateCommand
    key: str | None
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Record:
    """The use of a key by an attempt that has ended `at` this time. Without a `handle`, its result is unknown.

    `attempt` makes the records of two attempts at the same moment different.
    """

    input: str
    at: float
    account: str | None = None
    handle: str | None = None
    attempt: str | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
    """The stored record of a key that this worker may replace."""

    name: str
    record: bytes


_RECORD: Final = TypeAdapter(_Record)


class Idempotency:
    """Stores the keys of each client for 24 hours.

    A key is used where a link was created, or may have been created. After a certain failure it is free again. Two
    commands with the same key wait for each other, in all workers that share `claims` and `locks`. A vendor is called
    only after the key is stored.
    """

    def __init__(self, claims: Claims, locks: NamedLocks, clock: Clock) -> None:
        self._claims = claims
        self._locks = locks
        self._clock = clock

    async def create(
        self,
        client: str,
        commands: Sequence[KeyedCommand],
        accounts: Mapping[str, AccountLoaders],
        create_links: CreateLinks,
    ) -> list[CreateResult]:
        """Returns one result per command, in order. Links that do not exist yet are created together."""
        names = [None if each.key is None else record_name(client, each.key) for each in commands]
        # In one batch, the first command with a key stands for all commands with it.
        firsts: dict[str, int] = {}
        for index, name in enumerate(names):
            if name is not None:
                firsts.setdefault(name, index)
        results: dict[int, CreateResult] = {}
        claimed: dict[int, _Claim] = {}
        async with self._locks.acquire(firsts, self._max_wait_seconds()) as acquired:
            for name, index in firsts.items():
                keyed = commands[index]
                outcome = (
                    await self._begin(name, keyed, accounts) if name in acquired else refuse_in_progress(keyed.command)
                )
                if isinstance(outcome, _Claim):
                    claimed[index] = outcome
                else:
                    results[index] = outcome
            new = [index for index, name in enumerate(names) if name is None or index in claimed]
            created = await create_links([commands[index].command for index in new])
            for index, result in zip(new, created, strict=True):
                results[index] = result
                if index in claimed:
                    await self._record_result(claimed[index], commands[index].command, result)
        return [
            results[index] if index in results else _repeat(commands, index, firsts[name or ""], results)
            for index, name in enumerate(names)
        ]

    async def _begin(
        self, name: str, keyed: KeyedCommand, accounts: Mapping[str, AccountLoaders]
    ) -> CreateResult | _Claim:
        """Returns the result of the key, or else its claim, which is stored before anything is sent to a vendor."""
        command = keyed.command
        try:
            seen = await self._claims.get(name)
            earlier = await self._earlier_result(_Claim(name, seen or b""), keyed, accounts)
            if earlier is not None:
                return earlier
            # The worker may end before it can record the result.
            ends_at = self._now() + (remaining_seconds(self._clock) or 0)
            record = orjson.dumps(_Record(_digest_input(command), ends_at, attempt=token_hex(8)))
            if await self._claims.claim(name, seen, record, ends_at + KEY_TTL_SECONDS - self._now()):
                return _Claim(name, record)
        except StoreDownError as error:
            return refuse_unstored(command, error)
        return refuse_in_progress(command)

    async def _earlier_result(
        self, claim: _Claim, keyed: KeyedCommand, accounts: Mapping[str, AccountLoaders]
    ) -> CreateResult | None:
        """Returns the result of an earlier attempt, which `claim` has; None where the link is to be created."""
        command, record = keyed.command, _parse_record(claim.record)
        if record is None:
            return None
        if record.input != _digest_input(command):
            return refuse_other_input(command)
        if record.handle is None:
            tried = [loaders for loaders in command.accounts if record.account in {None, loaders.key}]
            return await self._search(claim, keyed, tried, record.at)
        loaders = accounts.get(record.account or "")
        if loaders is None:
            return None
        return await self._read_again(loaders, record.handle, record.at)

    async def _read_again(self, loaders: AccountLoaders, handle: str, created_at: float) -> CreateResult:
        """Returns the link that an earlier command created. A failed read is no proof that the link is gone."""
        try:
            link = await loaders.link(handle, ALL_LINK_FIELDS)
        except VendorError as error:
            return CreateResult(loaders, None, (from_error(error, loaders.account),))
        if link is not None:
            return CreateResult(loaders, WrittenLink(link, ALL_LINK_FIELDS, created=False))
        shown_at = created_at + loaders.account.adapter.read_lag.total_seconds()
        return refuse_missing(loaders, shown_at - self._now())

    async def _search(
        self, claim: _Claim, keyed: KeyedCommand, accounts: Sequence[AccountLoaders], ended_at: float
    ) -> CreateResult | None:
        """Searches the link that an unclear attempt may have created; None where it certainly does not exist.

        A link that is not found is no proof before the vendor's reads show what the attempt wrote.
        """
        command = keyed.command
        complete, failed, shown_at = True, None, ended_at
        for loaders in accounts:
            shown_at = max(shown_at, ended_at + loaders.account.adapter.read_lag.total_seconds())
            try:
                search = await _search_account(loaders, command.new, keyed.others)
            except VendorError as error:
                failed = error
                continue
            complete = complete and search.complete
            if search.link is not None:
                # A link that was found by its destination alone may be older than the command.
                written = WrittenLink(search.link, ALL_LINK_FIELDS, created=command.new.slug is not None)
                result = CreateResult(loaders, written)
                await self._record_result(claim, command, result)
                return result
        if failed is not None or not complete:
            return refuse_unclear(command, failed)
        return refuse_not_shown_yet(command, shown_at, self._now()) if self._now() < shown_at else None

    async def _record_result(self, claim: _Claim, command: CreateCommand, result: CreateResult) -> None:
        """Records a result in place of `claim`, as far as it matters for the next command with the key."""
        record = _Record(_digest_input(command), self._now(), result.loaders.key)
        stored = None
        if result.written is not None:
            stored = orjson.dumps(replace(record, handle=result.written.link.handle))
        elif result.ambiguous:
            stored = orjson.dumps(record)
        await self._claims.settle(claim.name, claim.record, stored, KEY_TTL_SECONDS)

    def _max_wait_seconds(self) -> float | None:
        left = remaining_seconds(self._clock)
        return None if left is None else left * MAX_WAIT_SHARE

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _parse_record(stored: bytes) -> _Record | None:
    """Returns a record; None where there is none, or where another release wrote it and this one cannot read it."""
    try:
        return _RECORD.validate_json(stored) if stored else None
    except ValidationError:
        return None


def _repeat(
    commands: Sequence[KeyedCommand], index: int, first: int, results: Mapping[int, CreateResult]
) -> CreateResult:
    """Returns the result of a command whose key an earlier command of the same batch has."""
    same_input = _digest_input(commands[index].command) == _digest_input(commands[first].command)
    if not same_input:
        return refuse_other_input(commands[index].command)
    written = results[first].written
    return results[first] if written is None else replace(results[first], written=replace(written, created=False))


async def _search_account(loaders: AccountLoaders, new: NewLink, others: frozenset[str]) -> SearchResult:
    by_slug = await find_slug(loaders, new)
    if not by_slug.complete:
        return await find_destination(loaders, new.destination, lambda link: _may_be_created(link, new, others))
    # A slug with another destination belongs to a link that this command did not create.
    wanted = normalise_destination(new.destination)
    created = by_slug.link is not None and normalise_destination(by_slug.link.destination) == wanted
    return by_slug if created else SearchResult(None, complete=True)


def _may_be_created(link: Link, new: NewLink, others: frozenset[str]) -> bool:
    """Whether a link to the destination of `new` may be the one that the command created."""
    has_slug = new.slug is None or link.slug.casefold() == new.slug.casefold()
    return has_slug and link.handle not in others


def record_name(client: str, key: str) -> str:
    """Returns the name of the record of a client's key."""
    return f"idempotency:{_digest(client)}:{_digest(key)}"


def _digest_input(command: CreateCommand) -> str:
    return _digest(repr(([loaders.key for loaders in command.accounts], command.new, command.if_exists)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
