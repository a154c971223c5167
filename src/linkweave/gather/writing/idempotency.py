"""One link per idempotency key: the first answer again, and no second link after an unclear one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final, TypeAlias

import orjson
from pydantic import TypeAdapter, ValidationError

from linkweave.clock import Clock
from linkweave.errors import ErrorCode, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.lookup.existing_links import Search, find_destination, find_slug, normalised
from linkweave.gather.writing.create_links import Created, CreateOrder
from linkweave.gather.writing.failures import Failure
from linkweave.models import Link
from linkweave.models.changes import WHOLE, Written
from linkweave.storage.interfaces import Store
from linkweave.storage.named_locks import NamedLocks
from linkweave.transport.context.deadline import remaining

KEPT_SECONDS: Final = 24 * 3600
# So much of an operation's time may go by waiting; the rest is for what it waits for, or to say that it waited in vain.
WAITING_SHARE: Final = 0.8

Make: TypeAlias = Callable[[Sequence[CreateOrder]], Awaitable[list[Created]]]


@dataclass(frozen=True, slots=True)
class KeyedOrder:
    """An order and the caller's key for it."""

    order: CreateOrder
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
        self, client: str, orders: Sequence[KeyedOrder], accounts: Mapping[str, AccountLoaders], make: Make
    ) -> list[Created]:
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

    async def _known(self, name: str, order: CreateOrder, accounts: Mapping[str, AccountLoaders]) -> Created | None:
        """The earlier outcome of the key, if there is one."""
        record = _read_record(await self._store.get(name))
        if record is None or self._now() - record.at > KEPT_SECONDS:
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
            return Created(loaders, None, (Failure(ErrorCode.NOT_FOUND, message, account=loaders.account),))
        return Created(loaders, Written(link, WHOLE, created=record.created))

    async def _look(self, name: str, order: CreateOrder, asked: Sequence[AccountLoaders]) -> Created | None:
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
                created = Created(loaders, Written(search.link, WHOLE, created=order.new.slug is not None))
                await self._settle(name, order, created)
                return created
        return None if complete else _unclear(order)

    async def _begin(self, names: Sequence[str | None], orders: Sequence[KeyedOrder], places: Sequence[int]) -> None:
        """Note before anything is sent that a link may come of it, should this attempt not live to tell."""
        for place in places:
            name = names[place]
            if name is not None:
                await self._keep(name, _Record(_words(orders[place].order), self._now()))

    async def _settle(self, name: str, order: CreateOrder, created: Created) -> None:
        """Remember what came of an order, as far as it matters for the next one with its key."""
        record = _Record(_words(order), self._now(), created.loaders.key)
        if created.written is not None:
            await self._keep(name, replace(record, handle=created.written.link.handle, created=created.written.created))
        elif created.ambiguous:
            await self._keep(name, record)
        else:
            await self._store.delete(name)

    async def _keep(self, name: str, record: _Record) -> None:
        await self._store.set(name, orjson.dumps(record), KEPT_SECONDS)

    def _max_wait_seconds(self) -> float | None:
        left = remaining(self._clock)
        return None if left is None else left * WAITING_SHARE

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _read_record(kept: bytes | None) -> _Record | None:
    """A record; None where there is none, or one that another release wrote and this one cannot read."""
    try:
        return None if kept is None else _RECORD.validate_json(kept)
    except ValidationError:
        return None


def _follow(orders: Sequence[KeyedOrder], place: int, leader: int, outcomes: Mapping[int, Created]) -> Created:
    """The outcome of an order whose key another one in the same batch has too."""
    same = _words(orders[place].order) == _words(orders[leader].order)
    return outcomes[leader] if same else _other_input(orders[place].order)


def _other_input(order: CreateOrder) -> Created:
    message = "this idempotencyKey was used with another input; use a new one, or send the same input again"
    return Created(order.accounts[0], None, (Failure(ErrorCode.CONFLICT, message, ("idempotency_key",)),))


def _under_way(order: CreateOrder) -> Created:
    message = "another request with this idempotencyKey is under way; send the same again when it has ended"
    return Created(order.accounts[0], None, (Failure(ErrorCode.CONFLICT, message, ("idempotency_key",)),))


async def _search(loaders: AccountLoaders, order: CreateOrder) -> Search:
    by_slug = await find_slug(loaders, order.new)
    if not by_slug.complete:
        return await find_destination(loaders, order.new.destination)
    # A slug that leads elsewhere was taken by somebody else's link, which was not made by this order.
    ours = by_slug.link is not None and normalised(by_slug.link.destination) == normalised(order.new.destination)
    return by_slug if ours else Search(None, complete=True)


def _unclear(order: CreateOrder) -> Created:
    message = (
        "an earlier attempt with this idempotencyKey may have made the link, and whether it did cannot be found out; "
        "look for it, and use a new key to make one all the same"
    )
    loaders = order.accounts[0]
    return Created(loaders, None, (Failure(ErrorCode.AMBIGUOUS, message, ("idempotency_key",), loaders.account),))


async def _read(loaders: AccountLoaders, handle: str) -> Link | None:
    try:
        return await loaders.link(handle, WHOLE)
    except VendorError:
        return None


def _name(client: str, key: str) -> str:
    return f"idempotency:{_digest(client)}:{_digest(key)}"


def _words(order: CreateOrder) -> str:
    return _digest(repr(([loaders.key for loaders in order.accounts], order.new, order.if_exists)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
