"""One link per idempotency key: a repeated create returns the first result, and no second link after an unclear one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final, TypeAlias

import orjson
from pydantic import TypeAdapter, ValidationError

from linkweave.clock import Clock
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import ErrorCode, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.lookup.existing_links import SearchResult, find_destination, find_slug, normalise_destination
from linkweave.gather.writing.create_links import CreateCommand, CreateResult
from linkweave.gather.writing.failures import Failure, from_error
from linkweave.models.changes import ALL_LINK_FIELDS, WrittenLink
from linkweave.storage.interfaces import Store
from linkweave.storage.named_locks import NamedLocks

KEY_TTL_SECONDS: Final = 24 * 3600
# The share of an operation's time in which it may wait for a lock. The rest is for the create, or for the error.
MAX_WAIT_SHARE: Final = 0.8

CreateLinks: TypeAlias = Callable[[Sequence[CreateCommand]], Awaitable[list[CreateResult]]]

_KEY_PATH: Final = ("idempotency_key",)


@dataclass(frozen=True, slots=True)
class KeyedCommand:
    """A create command and the caller's idempotency key for it."""

    command: CreateCommand
    key: str | None


@dataclass(frozen=True, slots=True)
class _Record:
    """The use of a key. Without a `handle`, it is unknown whether a link was created."""

    input: str
    at: float
    account: str | None = None
    handle: str | None = None


_RECORD: Final = TypeAdapter(_Record)


class Idempotency:
    """Stores the keys of each client for 24 hours.

    A key is used where a link was created, or may have been created. After a certain failure it is free again. Two
    commands with the same key wait for each other, in all workers that share `store` and `locks`.
    """

    def __init__(self, store: Store, locks: NamedLocks, clock: Clock) -> None:
        self._store = store
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
        names = [None if each.key is None else _record_name(client, each.key) for each in commands]
        # In one batch, the first command with a key stands for all commands with it.
        firsts: dict[str, int] = {}
        for index, name in enumerate(names):
            if name is not None:
                firsts.setdefault(name, index)
        results: dict[int, CreateResult] = {}
        async with self._locks.acquire(firsts, self._max_wait_seconds()) as acquired:
            for name, index in firsts.items():
                command = commands[index].command
                if name not in acquired:
                    results[index] = _in_progress(command)
                elif (earlier := await self._earlier_result(name, command, accounts)) is not None:
                    results[index] = earlier
            new = {
                index: name
                for index, name in enumerate(names)
                if index not in results and (name is None or firsts[name] == index)
            }
            await self._create_new(new, commands, create_links, results)
        return [
            results[index] if index in results else _repeat(commands, index, firsts[name or ""], results)
            for index, name in enumerate(names)
        ]

    async def _create_new(
        self,
        new: Mapping[int, str | None],
        commands: Sequence[KeyedCommand],
        create_links: CreateLinks,
        results: dict[int, CreateResult],
    ) -> None:
        """Creates the links of the commands at the places of `new`, and records the names that it has for them."""
        for index, name in new.items():
            if name is not None:
                # Before anything is sent: the worker may end before it can record the result.
                await self._write(name, _Record(_digest_input(commands[index].command), self._now()))
        created = await create_links([commands[index].command for index in new])
        for (index, name), result in zip(new.items(), created, strict=True):
            results[index] = result
            if name is not None:
                await self._record_result(name, commands[index].command, result)

    async def _earlier_result(
        self, name: str, command: CreateCommand, accounts: Mapping[str, AccountLoaders]
    ) -> CreateResult | None:
        """Returns the earlier result of the key; None where the link is to be created."""
        record = _parse_record(await self._store.get(name))
        if record is None or self._now() - record.at > KEY_TTL_SECONDS:
            return None
        if record.input != _digest_input(command):
            return _other_input(command)
        if record.handle is None:
            tried = [loaders for loaders in command.accounts if record.account in {None, loaders.key}]
            return await self._search(name, command, tried)
        loaders = accounts.get(record.account or "")
        if loaders is None:
            return None
        return await _read_again(loaders, record.handle)

    async def _search(
        self, name: str, command: CreateCommand, accounts: Sequence[AccountLoaders]
    ) -> CreateResult | None:
        """Searches the link that an unclear attempt may have created; None where it certainly does not exist."""
        complete = True
        for loaders in accounts:
            try:
                search = await _search_account(loaders, command)
            except VendorError:
                complete = False
                continue
            complete = complete and search.complete
            if search.link is not None:
                # A link that was found by its destination alone may be older than the command.
                written = WrittenLink(search.link, ALL_LINK_FIELDS, created=command.new.slug is not None)
                result = CreateResult(loaders, written)
                await self._record_result(name, command, result)
                return result
        return None if complete else _unclear(command)

    async def _record_result(self, name: str, command: CreateCommand, result: CreateResult) -> None:
        """Records a result as far as it matters for the next command with the key."""
        record = _Record(_digest_input(command), self._now(), result.loaders.key)
        if result.written is not None:
            await self._write(name, replace(record, handle=result.written.link.handle))
        elif result.ambiguous:
            await self._write(name, record)
        else:
            await self._store.delete(name)

    async def _write(self, name: str, record: _Record) -> None:
        await self._store.set(name, orjson.dumps(record), KEY_TTL_SECONDS)

    def _max_wait_seconds(self) -> float | None:
        left = remaining_seconds(self._clock)
        return None if left is None else left * MAX_WAIT_SHARE

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _parse_record(stored: bytes | None) -> _Record | None:
    """Returns a record; None where there is none, or where another release wrote it and this one cannot read it."""
    try:
        return None if stored is None else _RECORD.validate_json(stored)
    except ValidationError:
        return None


def _repeat(
    commands: Sequence[KeyedCommand], index: int, first: int, results: Mapping[int, CreateResult]
) -> CreateResult:
    """Returns the result of a command whose key an earlier command of the same batch has."""
    same_input = _digest_input(commands[index].command) == _digest_input(commands[first].command)
    if not same_input:
        return _other_input(commands[index].command)
    written = results[first].written
    return results[first] if written is None else replace(results[first], written=replace(written, created=False))


def _conflict(command: CreateCommand, message: str) -> CreateResult:
    return CreateResult(command.accounts[0], None, (Failure(ErrorCode.CONFLICT, message, _KEY_PATH),))


def _other_input(command: CreateCommand) -> CreateResult:
    return _conflict(
        command, "this idempotencyKey was used with another input; use a new key, or send the same input again"
    )


def _in_progress(command: CreateCommand) -> CreateResult:
    return _conflict(
        command, "another request with this idempotencyKey is in progress; send the same request again after it"
    )


def _unclear(command: CreateCommand) -> CreateResult:
    message = (
        "an earlier attempt with this idempotencyKey may have created the link, and the vendor cannot tell whether it "
        "did; look for the link, and use a new key to create one all the same"
    )
    loaders = command.accounts[0]
    return CreateResult(loaders, None, (Failure(ErrorCode.AMBIGUOUS, message, _KEY_PATH, loaders.account),))


async def _search_account(loaders: AccountLoaders, command: CreateCommand) -> SearchResult:
    by_slug = await find_slug(loaders, command.new)
    if not by_slug.complete:
        return await find_destination(loaders, command.new.destination)
    # A slug with another destination belongs to a link that this command did not create.
    wanted = normalise_destination(command.new.destination)
    created = by_slug.link is not None and normalise_destination(by_slug.link.destination) == wanted
    return by_slug if created else SearchResult(None, complete=True)


async def _read_again(loaders: AccountLoaders, handle: str) -> CreateResult:
    """Returns the link that an earlier command created. A failed read is no proof that the link is gone."""
    try:
        link = await loaders.link(handle, ALL_LINK_FIELDS)
    except VendorError as error:
        return CreateResult(loaders, None, (from_error(error, loaders.account),))
    if link is None:
        message = "the link that this idempotencyKey created does not exist any more"
        return CreateResult(loaders, None, (Failure(ErrorCode.NOT_FOUND, message, account=loaders.account),))
    return CreateResult(loaders, WrittenLink(link, ALL_LINK_FIELDS, created=False))


def _record_name(client: str, key: str) -> str:
    return f"idempotency:{_digest(client)}:{_digest(key)}"


def _digest_input(command: CreateCommand) -> str:
    return _digest(repr(([loaders.key for loaders in command.accounts], command.new, command.if_exists)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
