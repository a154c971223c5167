"""The same idempotency key makes one link."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import orjson
import pytest

from harness.emulators import ManualClock
from harness.fake_accounts import FakeVendor, fake_account, fresh, link
from harness.fake_writers import Creates
from linkweave.errors import AmbiguousError, ErrorCode, UnavailableError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, create_links
from linkweave.gather.writing.idempotency import KEY_TTL_SECONDS, Idempotency, KeyedCommand
from linkweave.models.changes import NewLink
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks

NEW = NewLink("https://www.example.com/spring", slug="spring", domain="fake.example")


@dataclass
class Gateway:
    """One account, and what is remembered of keys."""

    vendor: FakeVendor = field(default_factory=FakeVendor)
    clock: ManualClock = field(default_factory=ManualClock)
    store: MemoryStore = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        self.turns = NamedLocks(MemoryLeases(self.store))
        self.records = Idempotency(self.store, self.turns, self.clock)
        self.one = fresh(fake_account(Creates, self.vendor, "one"))

    async def create(self, *keyed: tuple[NewLink, str | None], client: str = "me") -> list[CreateResult]:
        orders = [KeyedCommand(CreateCommand((self.one,), new), key) for new, key in keyed]
        return await self.records.create(client, orders, {"one": self.one}, create_links)

    async def once(self, new: NewLink = NEW, key: str | None = "k", client: str = "me") -> CreateResult:
        (created,) = await self.create((new, key), client=client)
        return created


def handle(created: CreateResult) -> str | None:
    return None if created.written is None else created.written.link.handle


async def test_the_same_key_gives_the_first_link_again() -> None:
    gateway = Gateway()
    first, second = await gateway.once(), await gateway.once()
    assert handle(first) == handle(second) == "fake.example/spring"
    assert second.written is not None
    assert second.written.created
    assert len(gateway.vendor.asked("create")) == 1


async def test_another_input_under_the_same_key_is_a_conflict() -> None:
    gateway = Gateway()
    await gateway.once()
    created = await gateway.once(replace(NEW, slug="autumn"))
    assert [(failure.code, failure.path) for failure in created.failures] == [
        (ErrorCode.CONFLICT, ("idempotency_key",)),
    ]


async def test_keys_of_different_clients_are_different() -> None:
    gateway = Gateway()
    await gateway.once()
    await gateway.once(replace(NEW, slug="autumn"), client="you")
    assert len(gateway.vendor.asked("create")) == 2


async def test_after_a_day_a_key_is_new_again() -> None:
    gateway = Gateway()
    await gateway.once()
    gateway.clock.advance(KEY_TTL_SECONDS + 1)
    await gateway.once(replace(NEW, slug="autumn"))
    assert len(gateway.vendor.asked("create")) == 2


async def test_two_at_the_same_time_make_one_link() -> None:
    gateway = Gateway()
    first, second = await asyncio.gather(gateway.once(), gateway.once())
    assert handle(first) == handle(second)
    assert len(gateway.vendor.asked("create")) == 1


async def test_two_at_the_same_time_make_one_link_though_a_reload_is_between_them() -> None:
    gateway = Gateway()
    before, gateway.records = gateway.records, Idempotency(gateway.store, gateway.turns, gateway.clock)
    keyed = [KeyedCommand(CreateCommand((gateway.one,), NEW), "k")]
    (first,), second = await asyncio.gather(
        before.create("me", keyed, {"one": gateway.one}, create_links), gateway.once()
    )
    assert handle(first) == handle(second)
    assert len(gateway.vendor.asked("create")) == 1


async def test_a_certain_failure_leaves_the_key_free() -> None:
    gateway = Gateway(FakeVendor(fails=lambda number, _: refusal(UnavailableError) if number == 1 else None))
    first, second = await gateway.once(), await gateway.once()
    assert (handle(first), handle(second)) == (None, "fake.example/spring")


async def test_after_an_unclear_failure_the_link_is_looked_for_by_its_slug() -> None:
    gateway = Gateway(FakeVendor(fails=lambda number, _: refusal(AmbiguousError) if number == 1 else None))
    await gateway.once()
    adapter = gateway.one.account.adapter
    assert isinstance(adapter, Creates)
    adapter.keep(NEW)
    second = await gateway.once()
    assert (handle(second), len(gateway.vendor.asked("create"))) == ("fake.example/spring", 1)


async def test_a_slug_that_leads_elsewhere_is_not_taken_for_the_link_of_an_unclear_attempt() -> None:
    gateway = Gateway(FakeVendor(fails=lambda number, _: refusal(AmbiguousError) if number == 1 else None))
    adapter = gateway.one.account.adapter
    assert isinstance(adapter, Creates)
    adapter.keep(replace(NEW, destination="https://elsewhere.example.com"))
    await gateway.once()
    await gateway.once()
    assert len(gateway.vendor.asked("create")) == 2


async def test_after_an_unclear_failure_the_link_is_looked_for_by_its_destination() -> None:
    gateway = Gateway(FakeVendor(fails=lambda number, _: refusal(AmbiguousError) if number == 1 else None))
    new = replace(NEW, slug=None)
    await gateway.once(new)
    adapter = gateway.one.account.adapter
    assert isinstance(adapter, Creates)
    kept = adapter.keep(new)
    assert handle(await gateway.once(new)) == kept.handle
    assert len(gateway.vendor.asked("create")) == 1


@pytest.mark.parametrize("new", [NEW, replace(NEW, slug=None)])
async def test_a_link_that_an_unclear_failure_did_not_make_is_made(new: NewLink) -> None:
    gateway = Gateway(FakeVendor(fails=lambda number, _: refusal(AmbiguousError) if number == 1 else None))
    await gateway.once(new)
    assert handle(await gateway.once(new)) is not None
    assert len(gateway.vendor.asked("create")) == 2


async def test_a_look_that_fails_after_an_unclear_failure_makes_no_second_link() -> None:
    broken = {"create": AmbiguousError, "plan": UnavailableError}
    vendor = FakeVendor(fails=lambda _, words: next((refusal(broken[k]) for k in broken if words.startswith(k)), None))
    gateway = Gateway(vendor)
    new = replace(NEW, slug=None)
    await gateway.once(new)
    second = await gateway.once(new)
    assert second.written is None
    assert [failure.code for failure in second.failures] == [ErrorCode.AMBIGUOUS]
    assert len(vendor.asked("create")) == 1


async def test_what_cannot_be_looked_for_is_not_made_twice() -> None:
    vendor = FakeVendor(fails=lambda number, _: refusal(AmbiguousError) if number == 1 else None)
    vendor.lanes["all"] = [link(f"l{n}", n) for n in range(700)]
    gateway = Gateway(vendor)
    new = replace(NEW, slug=None)
    await gateway.once(new)
    second = await gateway.once(new)
    assert ([failure.code for failure in second.failures], len(vendor.asked("create"))) == ([ErrorCode.AMBIGUOUS], 1)


async def test_an_attempt_that_did_not_live_to_tell_counts_as_unclear() -> None:
    gateway = Gateway()

    async def die(orders: Sequence[CreateCommand]) -> list[CreateResult]:
        await create_links(orders)
        raise asyncio.CancelledError

    keyed = [KeyedCommand(CreateCommand((gateway.one,), NEW), "k")]
    with pytest.raises(asyncio.CancelledError):
        await gateway.records.create("me", keyed, {"one": gateway.one}, die)
    assert handle(await gateway.once()) == "fake.example/spring"
    assert len(gateway.vendor.asked("create")) == 1


async def test_a_link_that_is_gone_is_not_made_again() -> None:
    gateway = Gateway()
    await gateway.once()
    gateway.vendor.links.clear()
    created = await gateway.once()
    assert ([failure.code for failure in created.failures], len(gateway.vendor.asked("create"))) == (
        [ErrorCode.NOT_FOUND],
        1,
    )


async def test_orders_with_and_without_keys_are_made_together_and_answered_in_order() -> None:
    gateway = Gateway()
    names = ["a", "b", "c", "b"]
    keys = [None, "k", None, "k"]
    orders = [(replace(NEW, slug=name), key) for name, key in zip(names, keys, strict=True)]
    created = await gateway.create(*orders)
    assert [handle(each) for each in created] == [f"fake.example/{name}" for name in names]
    assert len(gateway.vendor.asked("create")) == 3


async def test_one_key_for_two_inputs_of_a_batch_is_a_conflict_of_the_second() -> None:
    gateway = Gateway()
    first, second = await gateway.create((NEW, "k"), (replace(NEW, slug="autumn"), "k"))
    assert (handle(first), second.failures[0].code) == ("fake.example/spring", ErrorCode.CONFLICT)


async def test_an_account_that_is_not_there_any_more_frees_its_keys() -> None:
    gateway = Gateway()
    await gateway.once()
    other = fresh(fake_account(Creates, FakeVendor(), "one"))
    keyed = [KeyedCommand(CreateCommand((other,), NEW), "k")]
    (created,) = await gateway.records.create("me", keyed, no_accounts(), create_links)
    assert handle(created) == "fake.example/spring"


async def test_the_record_holds_no_input() -> None:
    gateway = Gateway()
    await gateway.once(replace(NEW, title="Launch secret"))
    kept = [value for key in list(gateway.store._records) if (value := await gateway.store.get(key))]  # noqa: SLF001 - what is kept
    assert [b"Launch" in value for value in kept] == [False]
    assert set(orjson.loads(kept[0])) == {"input", "at", "account", "handle", "created"}


def refusal(kind: type[VendorError]) -> VendorError:
    return kind("no", account="one", operation="create link")


def no_accounts() -> dict[str, AccountLoaders]:
    return {}
