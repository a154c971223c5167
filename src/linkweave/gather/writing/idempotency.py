"""One link per idempotency key: the first answer again, and no second link after an unclear one."""

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
from linkweave.gather.writing.failures import Failure
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS, WrittenLink
from linkweave.storage.interfaces import Store
from linkweave.storage.named_locks import NamedLocks

KEY_TTL_SECONDS: Final = 24 * 3600
# So much of an operation's time may go by waiting; the rest is for what it waits for, or to say that it waited in vain.
MAX_WAIT_SHARE: Final = 0.8

Make: TypeAlias = Callable[[Sequence[CreateCommand]], Awaitable[list[CreateResult]]]


@dataclass(frozen=True, slots=True)
class KeyedCommand:
    """An order and the caller's key for it."""

    order: CreateCommand
    key: str | None


@dataclass(frozen=True, slots=True)
class _Record:
    """What a key was used for. Without a `handle` it is not known whether a link was made."""

    input: str
    at: float
    account: str | None = None
    handle: str | None = None
    created: bool = True


_RECORD: Final = TypeAdapter(_Record)


class Idempotency:
    """Remembers keys for 24 hours, per client.

    A key is taken when a link was made, or may have been; a certain failure leaves it free. Two orders with one key
    wait for each other, in all workers that share `store` and `turns`.
    """

    def __init__(self, store: Store, turns: NamedLocks, clock: Clock) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock

    async def create(
        self, client: str, orders: Sequence[KeyedCommand], accounts: Mapping[str, AccountLoaders], make: Make
    ) -> list[CreateResult]:
        """What came of each order, in order; all that are to be made are made together."""
        names = [None if keyed.key is None else _name(client, keyed.key) for keyed in orders]
        leaders: dict[str, int] = {}
        for place, name in enumerate(names):
            if name is not None:
                leaders.setdefault(name, place)
        async with self._turns.acquire(leaders, self._max_wait_seconds()) as taken:
            known = {
                place: await self._known(name, orders[place].order, accounts)
                if name in taken
                else _under_way(orders[place].order)
                for name, place in leaders.items()
            }
            outcomes = {place: created for place, created in known.items() if created is not None}
            to_make = [
                place
                for place, name in enumerate(names)
                if place not in outcomes and (name is None or leaders[name] == place)
            ]
            await self._begin(names, orders, to_make)
            made = await make([orders[place].order for place in to_make])
            for place, created in zip(to_make, made, strict=True):
                outcomes[place] = created
                name = names[place]
                if name is not None:
                    await self._settle(name, orders[place].order, created)
        return [
            outcomes[place] if place in outcomes else _follow(orders, place, leaders[name or ""], outcomes)
            for place, name in enumerate(names)
        ]

    async def _known(
        self, name: str, order: CreateCommand, accounts: Mapping[str, AccountLoaders]
    ) -> CreateResult | None:
        """The earlier outcome of the key, if there is one."""
        record = _read_record(await self._store.get(name))
        if record is None or self._now() - record.at > KEY_TTL_SECONDS:
            return None
        if record.input != _words(order):
            return _other_input(order)
        if record.handle is None:
            asked = [loaders for loaders in order.accounts if record.account in {None, loaders.key}]
            return await self._look(name, order, asked)
        loaders = accounts.get(record.account or "")
        if loaders is None:
            return None
        link = await _read(loaders, record.handle)
        if link is None:
            message = "the link that this idempotencyKey made cannot be read any more"
            return CreateResult(loaders, None, (Failure(ErrorCode.NOT_FOUND, message, account=loaders.account),))
        return CreateResult(loaders, WrittenLink(link, ALL_LINK_FIELDS, created=record.created))

    async def _look(self, name: str, order: CreateCommand, asked: Sequence[AccountLoaders]) -> CreateResult | None:
        """The link that an unclear attempt may have made; None where it is certainly not there."""
        complete = True
        for loaders in asked:
            try:
                search = await _search(loaders, order)
            except VendorError:
                complete = False
                continue
            complete = complete and search.complete
            if search.link is not None:
                # Found by its destination alone, it may be older than the order.
                created = CreateResult(
                    loaders, WrittenLink(search.link, ALL_LINK_FIELDS, created=order.new.slug is not None)
                )
                await self._settle(name, order, created)
                return created
        return None if complete else _unclear(order)

    async def _begin(self, names: Sequence[str | None], orders: Sequence[KeyedCommand], places: Sequence[int]) -> None:
        """Note before anything is sent that a link may come of it, should this attempt not live to tell."""
        for place in places:
            name = names[place]
            if name is not None:
                await self._keep(name, _Record(_words(orders[place].order), self._now()))

    async def _settle(self, name: str, order: CreateCommand, created: CreateResult) -> None:
        """Remember what came of an order, as far as it matters for the next one with its key."""
        record = _Record(_words(order), self._now(), created.loaders.key)
        if created.written is not None:
            await self._keep(name, replace(record, handle=created.written.link.handle, created=created.written.created))
        elif created.ambiguous:
            await self._keep(name, record)
        else:
            await self._store.delete(name)

    async def _keep(self, name: str, record: _Record) -> None:
        await self._store.set(name, orjson.dumps(record), KEY_TTL_SECONDS)

    def _max_wait_seconds(self) -> float | None:
        left = remaining_seconds(self._clock)
        return None if left is None else left * MAX_WAIT_SHARE

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _read_record(kept: bytes | None) -> _Record | None:
    """A record; None where there is none, or one that another release wrote and this one cannot read."""
    try:
        return None if kept is None else _RECORD.validate_json(kept)
    except ValidationError:
        return None


def _follow(
    orders: Sequence[KeyedCommand], place: int, leader: int, outcomes: Mapping[int, CreateResult]
) -> CreateResult:
    """The outcome of an order whose key another one in the same batch has too."""
    same = _words(orders[place].order) == _words(orders[leader].order)
    return outcomes[leader] if same else _other_input(orders[place].order)


def _other_input(order: CreateCommand) -> CreateResult:
    message = "this idempotencyKey was used with another input; use a new one, or send the same input again"
    return CreateResult(order.accounts[0], None, (Failure(ErrorCode.CONFLICT, message, ("idempotency_key",)),))


def _under_way(order: CreateCommand) -> CreateResult:
    message = "another request with this idempotencyKey is under way; send the same again when it has ended"
    return CreateResult(order.accounts[0], None, (Failure(ErrorCode.CONFLICT, message, ("idempotency_key",)),))


async def _search(loaders: AccountLoaders, order: CreateCommand) -> SearchResult:
    by_slug = await find_slug(loaders, order.new)
    if not by_slug.complete:
        return await find_destination(loaders, order.new.destination)
    # A slug that leads elsewhere was taken by somebody else's link, which was not made by this order.
    ours = by_slug.link is not None and normalise_destination(by_slug.link.destination) == normalise_destination(
        order.new.destination
    )
    return by_slug if ours else SearchResult(None, complete=True)


def _unclear(order: CreateCommand) -> CreateResult:
    message = (
        "an earlier attempt with this idempotencyKey may have made the link, and whether it did cannot be found out; "
        "look for it, and use a new key to make one all the same"
    )
    loaders = order.accounts[0]
    return CreateResult(loaders, None, (Failure(ErrorCode.AMBIGUOUS, message, ("idempotency_key",), loaders.account),))


async def _read(loaders: AccountLoaders, handle: str) -> Link | None:
    try:
        return await loaders.link(handle, ALL_LINK_FIELDS)
    except VendorError:
        return None


def _name(client: str, key: str) -> str:
    return f"idempotency:{_digest(client)}:{_digest(key)}"


def _words(order: CreateCommand) -> str:
    return _digest(repr(([loaders.key for loaders in order.accounts], order.new, order.if_exists)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
