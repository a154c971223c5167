"""What only a worker sees of idempotency keys. The payloads are tested in tests/schema/operations."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson
import pytest

from harness.emulators import ManualClock
from harness.fake_accounts import FakeVendor, fake_account, fresh, link
from harness.fake_writers import Creates
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    AmbiguousError,
    ErrorCode,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, create_links
from linkweave.gather.writing.idempotency import KEY_TTL_SECONDS, Idempotency, KeyedCommand
from linkweave.models.changes import NewLink
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks

NEW = NewLink("https://www.example.com/spring", slug="spring", domain="fake.example")
WITHOUT_SLUG = replace(NEW, slug=None)
OTHER = replace(NEW, slug="autumn")


@dataclass
class Worker:
    """One account, and the records of its idempotency keys."""

    vendor: FakeVendor = field(default_factory=FakeVendor)
    clock: ManualClock = field(default_factory=ManualClock)
    store: MemoryStore = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        self.locks = NamedLocks(MemoryLeases(self.store))
        self.idempotency = Idempotency(self.store, self.locks, self.clock)
        self.one = fresh(fake_account(Creates, self.vendor, "one"))

    @property
    def creates(self) -> int:
        return len(self.vendor.asked("create"))

    def add_at_vendor(self, new: NewLink) -> str:
        """Lets the vendor have a link that the gateway knows nothing of; returns its handle."""
        adapter = self.one.account.adapter
        assert isinstance(adapter, Creates)
        return adapter.keep(new).handle

    async def create(self, *keyed: tuple[NewLink, str | None], client: str = "me") -> list[CreateResult]:
        commands = [KeyedCommand(CreateCommand((self.one,), new), key) for new, key in keyed]
        return await self.idempotency.create(client, commands, {"one": self.one}, create_links)

    async def create_one(self, new: NewLink = NEW, client: str = "me") -> CreateResult:
        (result,) = await self.create((new, "k"), client=client)
        return result


def handle(result: CreateResult) -> str | None:
    return None if result.written is None else result.written.link.handle


def error(kind: type[VendorError]) -> VendorError:
    return kind("no", account="one", operation="create link")


def first_create_fails(kind: type[VendorError]) -> FakeVendor:
    return FakeVendor(fails=lambda number, _: error(kind) if number == 1 else None)


async def test_keys_of_different_clients_are_different() -> None:
    worker = Worker()
    await worker.create_one()
    assert handle(await worker.create_one(OTHER, client="you")) == "fake.example/autumn"


async def test_a_key_expires_after_a_day() -> None:
    worker = Worker()
    await worker.create_one()
    worker.clock.advance(KEY_TTL_SECONDS)
    assert (await worker.create_one(OTHER)).failures[0].code is ErrorCode.CONFLICT
    worker.clock.advance(1)
    assert handle(await worker.create_one(OTHER)) == "fake.example/autumn"


async def test_two_requests_with_one_key_create_one_link_though_a_reload_is_between_them() -> None:
    worker = Worker()
    before, worker.idempotency = worker.idempotency, Idempotency(worker.store, worker.locks, worker.clock)
    keyed = [KeyedCommand(CreateCommand((worker.one,), NEW), "k")]
    (first,), second = await asyncio.gather(
        before.create("me", keyed, {"one": worker.one}, create_links), worker.create_one()
    )
    assert handle(first) == handle(second)
    assert worker.creates == 1


async def test_a_create_is_a_conflict_where_another_request_holds_the_key_until_its_deadline() -> None:
    worker = Worker()
    started, go_on = asyncio.Event(), asyncio.Event()

    async def create_slowly(commands: Sequence[CreateCommand]) -> list[CreateResult]:
        started.set()
        await go_on.wait()
        return await create_links(commands)

    keyed = [KeyedCommand(CreateCommand((worker.one,), NEW), "k")]
    first = asyncio.create_task(worker.idempotency.create("me", keyed, {"one": worker.one}, create_slowly))
    await started.wait()
    with use_deadline(1, worker.clock):
        waiting = await worker.create_one()
    go_on.set()
    assert [failure.code for failure in waiting.failures] == [ErrorCode.CONFLICT]
    assert "is in progress" in waiting.failures[0].message
    assert [handle(each) for each in await first] == ["fake.example/spring"]


async def test_a_record_that_another_release_stored_and_this_one_cannot_read_counts_as_missing() -> None:
    worker = Worker()
    await worker.create_one()
    (name,) = [key for key in worker.store._records if key.startswith("idempotency:")]  # noqa: SLF001 - what is stored
    await worker.store.set(name, b'{"input": 1}', 60)
    assert handle(await worker.create_one(OTHER)) == "fake.example/autumn"


@pytest.mark.parametrize(
    ("new", "at_vendor", "creates"),
    [
        (NEW, NEW, 1),
        (WITHOUT_SLUG, WITHOUT_SLUG, 1),
        (NEW, None, 2),
        (WITHOUT_SLUG, None, 2),
        (NEW, replace(NEW, destination="https://elsewhere.example.com"), 2),
    ],
    ids=["found by slug", "found by destination", "no slug", "no destination", "another link has the slug"],
)
async def test_after_an_ambiguous_create_the_link_is_searched_before_it_is_created_again(
    new: NewLink, at_vendor: NewLink | None, creates: int
) -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    await worker.create_one(new)
    expected = None if at_vendor is None else worker.add_at_vendor(at_vendor)
    again = await worker.create_one(new)
    assert worker.creates == creates
    assert handle(again) == expected if creates == 1 else handle(again) is not None
    assert handle(await worker.create_one(new)) == handle(again)


@pytest.mark.parametrize("search", ["fails", "is not complete"])
async def test_after_an_ambiguous_create_no_second_link_is_created_where_the_search(search: str) -> None:
    errors = {"create": error(AmbiguousError), "plan": error(UnavailableError) if search == "fails" else None}
    vendor = FakeVendor(fails=lambda _, question: errors.get(question.split()[0]))
    vendor.lanes["all"] = [link(f"l{number}", number) for number in range(700)]
    worker = Worker(vendor)
    await worker.create_one(WITHOUT_SLUG)
    again = await worker.create_one(WITHOUT_SLUG)
    assert ([failure.code for failure in again.failures], worker.creates) == ([ErrorCode.AMBIGUOUS], 1)


async def test_an_attempt_that_ended_before_its_result_was_recorded_is_ambiguous() -> None:
    worker = Worker()

    async def create_and_end(commands: Sequence[CreateCommand]) -> list[CreateResult]:
        await create_links(commands)
        raise asyncio.CancelledError

    keyed = [KeyedCommand(CreateCommand((worker.one,), NEW), "k")]
    with pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {"one": worker.one}, create_and_end)
    assert handle(await worker.create_one()) == "fake.example/spring"
    assert worker.creates == 1


async def test_commands_with_and_without_keys_are_created_together_in_order() -> None:
    worker = Worker()
    names = {"a": None, "b": "k", "c": None}
    commands = [(replace(NEW, slug=name), key) for name, key in names.items()]
    results = await worker.create(*commands, commands[1], (OTHER, "k"))
    assert [handle(each) for each in results[:4]] == [f"fake.example/{name}" for name in "abcb"]
    assert [each.written.created for each in results if each.written] == [True, True, True, False]
    assert [failure.code for failure in results[4].failures] == [ErrorCode.CONFLICT]
    assert worker.creates == 3


async def test_a_key_is_free_where_its_account_is_no_longer_configured() -> None:
    worker = Worker()
    await worker.create_one()
    other = fresh(fake_account(Creates, FakeVendor(), "one"))
    keyed = [KeyedCommand(CreateCommand((other,), NEW), "k")]
    no_accounts: Mapping[str, AccountLoaders] = {}
    (result,) = await worker.idempotency.create("me", keyed, no_accounts, create_links)
    assert handle(result) == "fake.example/spring"


@pytest.mark.parametrize("kind", [UnavailableError, RateLimitedError, UnauthenticatedError, VendorTimeoutError])
async def test_a_repetition_returns_the_error_of_the_vendor_where_the_link_cannot_be_read(
    kind: type[VendorError],
) -> None:
    worker = Worker()
    await worker.create_one()
    worker.vendor.fails = lambda *_: error(kind)
    result = await worker.create_one()
    assert result.written is None
    assert ([failure.code for failure in result.failures], worker.creates) == ([kind.code], 1)


async def test_a_link_that_the_vendor_no_longer_has_is_not_created_again() -> None:
    worker = Worker()
    await worker.create_one()
    worker.vendor.links.clear()
    result = await worker.create_one()
    assert ([failure.code for failure in result.failures], worker.creates) == ([ErrorCode.NOT_FOUND], 1)


async def test_a_record_holds_no_input() -> None:
    worker = Worker()
    await worker.create_one(replace(NEW, title="Launch secret"))
    records = [value for key in list(worker.store._records) if (value := await worker.store.get(key))]  # noqa: SLF001 - what is stored
    assert [b"Launch" in value for value in records] == [False]
    assert set(orjson.loads(records[0])) == {"input", "at", "account", "handle"}
