"""What only a worker sees of idempotency keys. The payloads are tested in tests/schema/operations."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import orjson
import pytest

from harness.emulators import NOW, ManualClock
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
from linkweave.storage.claims import MemoryClaims
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks
from linkweave.storage.outages import StoreDownError

NEW = NewLink("https://www.example.com/spring", slug="spring", domain="fake.example")
WITHOUT_SLUG = replace(NEW, slug=None)
OTHER = replace(NEW, slug="autumn")


@dataclass
class Worker:
    """One account, and the records of its idempotency keys."""

    vendor: FakeVendor = field(default_factory=FakeVendor)
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.clock)
        self.locks = NamedLocks(MemoryLeases(self.store))
        self.idempotency = Idempotency(MemoryClaims(self.store), self.locks, self.clock)
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


async def end(_: Sequence[CreateCommand]) -> list[CreateResult]:
    """Stands for a worker that is killed before it sends anything."""
    raise asyncio.CancelledError


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


async def test_different_keys_of_a_client_are_different() -> None:
    worker = Worker()
    results = [*await worker.create((NEW, "k")), *await worker.create((OTHER, "other"))]
    assert [handle(each) for each in results] == ["fake.example/spring", "fake.example/autumn"]


async def test_the_claim_of_a_killed_worker_expires_a_day_after_its_deadline() -> None:
    worker = Worker()
    keyed = [KeyedCommand(CreateCommand((worker.one,), NEW), "k")]
    with use_deadline(8, worker.clock), pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {"one": worker.one}, end)
    worker.clock.advance(8 + KEY_TTL_SECONDS - 1)
    assert [failure.code for failure in (await worker.create_one(OTHER)).failures] == [ErrorCode.CONFLICT]
    worker.clock.advance(1.5)
    assert handle(await worker.create_one(OTHER)) == "fake.example/autumn"


async def test_two_attempts_at_the_same_moment_have_different_claims() -> None:
    worker = Worker()
    stored: list[bytes | None] = []

    async def look(commands: Sequence[CreateCommand]) -> list[CreateResult]:
        keys = [key for key in worker.store._records if key.startswith("idempotency:")]  # noqa: SLF001 - what is stored
        stored.extend(await worker.store.get_many(keys))
        return await create_links(commands)

    command = CreateCommand((worker.one,), NEW)
    keyed = [KeyedCommand(command, key) for key in ("k", "other")]
    await worker.idempotency.create("me", keyed, {"one": worker.one}, look)
    assert len(set(stored)) == len(stored) == 2


async def test_a_key_expires_after_a_day() -> None:
    worker = Worker()
    await worker.create_one()
    worker.clock.advance(KEY_TTL_SECONDS - 1)
    assert (await worker.create_one(OTHER)).failures[0].code is ErrorCode.CONFLICT
    worker.clock.advance(2)
    assert handle(await worker.create_one(OTHER)) == "fake.example/autumn"


async def test_two_requests_with_one_key_create_one_link_though_a_reload_is_between_them() -> None:
    worker = Worker()
    before, worker.idempotency = worker.idempotency, Idempotency(MemoryClaims(worker.store), worker.locks, worker.clock)
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
    began = asyncio.get_running_loop().time()
    with use_deadline(1, worker.clock):
        waiting = await worker.create_one()
    # It leaves a fifth of the time for its answer.
    assert asyncio.get_running_loop().time() - began == pytest.approx(0.8)
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


@pytest.mark.parametrize(
    ("search", "advice"), [("fails", "send the same request again later"), ("is not complete", "use a new key")]
)
async def test_after_an_ambiguous_create_no_second_link_is_created_where_the_search(search: str, advice: str) -> None:
    errors = {"create": error(AmbiguousError), "plan": error(UnavailableError) if search == "fails" else None}
    vendor = FakeVendor(fails=lambda _, question: errors.get(question.split()[0]))
    vendor.lanes["all"] = [link(f"l{number}", number) for number in range(700)]
    worker = Worker(vendor)
    await worker.create_one(WITHOUT_SLUG)
    again = await worker.create_one(WITHOUT_SLUG)
    assert ([failure.code for failure in again.failures], worker.creates) == ([ErrorCode.AMBIGUOUS], 1)
    assert advice in again.failures[0].message


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


class CreatesUnseen(Creates):
    """At a vendor whose reads lag."""

    read_lag = timedelta(minutes=10)


@pytest.mark.parametrize("adapter", [Creates, CreatesUnseen])
@pytest.mark.parametrize("new", [NEW, WITHOUT_SLUG], ids=["slug", "destination"])
async def test_after_a_killed_worker_absence_is_no_proof_before_its_deadline_and_the_lag_of_reads(
    adapter: type[Creates], new: NewLink
) -> None:
    worker = Worker()
    worker.one = fresh(fake_account(adapter, worker.vendor, "one"))

    keyed = [KeyedCommand(CreateCommand((worker.one,), new), "k")]
    with use_deadline(8, worker.clock), pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {"one": worker.one}, end)
    proof_after = 8 + adapter.read_lag.total_seconds()
    for waited in (0, proof_after - 0.5):
        worker.clock.elapsed = waited
        (failure,) = (await worker.create_one(new)).failures
        wait = math.ceil(proof_after - waited)
        assert (failure.code, failure.path, failure.retry_after) == (
            ErrorCode.AMBIGUOUS,
            ("idempotency_key",),
            wait,
        )
        assert failure.account is worker.one.account
        assert f"{NOW + timedelta(seconds=proof_after):%Y-%m-%dT%H:%M:%SZ}" in failure.message
    worker.clock.elapsed = proof_after
    assert (await worker.create_one(new)).written is not None
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


async def test_a_new_link_that_reads_do_not_show_yet_is_not_called_gone() -> None:
    worker = Worker()
    worker.one = fresh(fake_account(CreatesUnseen, worker.vendor, "one"))
    await worker.create_one()
    worker.vendor.links.clear()
    worker.clock.advance(599.5)
    (failure,) = (await worker.create_one()).failures
    assert (failure.code, failure.retry_after, failure.account) == (ErrorCode.UNAVAILABLE, 1, worker.one.account)
    worker.clock.advance(0.5)
    assert [each.code for each in (await worker.create_one()).failures] == [ErrorCode.NOT_FOUND]
    assert worker.creates == 1


@pytest.mark.parametrize("new", [NEW, WITHOUT_SLUG], ids=["slug", "destination"])
async def test_a_link_that_was_found_after_an_ambiguous_create_belongs_to_the_key(new: NewLink) -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    await worker.create_one(new)
    found_handle = worker.add_at_vendor(new)
    found = await worker.create_one(new)
    assert found.loaders is worker.one
    assert found.written is not None
    # A link that was found by its destination may be older than the command.
    assert (found.written.link.handle, found.written.created) == (found_handle, new.slug is not None)
    worker.vendor.lanes["all"].clear()
    worker.vendor.questions.clear()
    worker.vendor.fails = lambda *_: None
    worker.one = fresh(worker.one.account)
    again = await worker.create_one(new)
    assert (handle(again), again.written is not None and again.written.created) == (found_handle, False)
    # It is read, and not searched again.
    assert [question.split()[0] for question in worker.vendor.questions] == ["get"]
    worker.vendor.links.clear()
    worker.one = fresh(worker.one.account)
    assert [failure.code for failure in (await worker.create_one(new)).failures] == [ErrorCode.NOT_FOUND]


async def test_another_link_to_the_destination_is_not_taken_for_the_one_with_the_slug() -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    await worker.create_one()
    worker.add_at_vendor(OTHER)
    assert handle(await worker.create_one()) == "fake.example/spring"


async def test_links_that_other_commands_created_are_not_taken_for_the_one_that_is_searched() -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    assert (await worker.create_one(WITHOUT_SLUG)).ambiguous
    theirs = worker.add_at_vendor(replace(NEW, slug="theirs"))
    command = KeyedCommand(CreateCommand((worker.one,), WITHOUT_SLUG), "k", frozenset({theirs}))
    (result,) = await worker.idempotency.create("me", [command], {"one": worker.one}, create_links)
    assert handle(result) not in {None, theirs}
    assert worker.creates == 2


async def test_a_search_by_destination_passes_over_links_with_another_slug() -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    unplaced = replace(NEW, domain=None)
    assert (await worker.create_one(unplaced)).ambiguous
    worker.add_at_vendor(replace(NEW, slug="another"))
    assert handle(await worker.create_one(unplaced)) == "fake.example/spring"
    assert worker.creates == 2


async def test_after_a_fail_over_the_link_is_searched_only_where_the_create_was_ambiguous() -> None:
    worker = Worker(FakeVendor(fails=lambda *_: error(UnavailableError)))
    other = FakeVendor(fails=lambda number, _: error(AmbiguousError) if number == 1 else None)
    two = fresh(fake_account(Creates, other, "two"))
    command = CreateCommand((worker.one, two), WITHOUT_SLUG)

    async def create() -> CreateResult:
        keyed = [KeyedCommand(command, "k")]
        (result,) = await worker.idempotency.create("me", keyed, {"one": worker.one, "two": two}, create_links)
        return result

    assert [failure.code for failure in (await create()).failures] == [ErrorCode.AMBIGUOUS]
    worker.vendor.questions.clear()
    assert isinstance(two.account.adapter, Creates)
    made = two.account.adapter.keep(WITHOUT_SLUG)
    found = await create()
    assert (found.loaders, handle(found)) == (two, made.handle)
    assert worker.vendor.questions == []


async def test_after_a_killed_worker_the_link_is_searched_at_every_account() -> None:
    worker = Worker()
    two = fresh(fake_account(Creates, FakeVendor(), "two"))
    keyed = [KeyedCommand(CreateCommand((worker.one, two), NEW), "k")]

    with pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {}, end)
    assert isinstance(two.account.adapter, Creates)
    made = two.account.adapter.keep(NEW)
    (found,) = await worker.idempotency.create("me", keyed, {}, create_links)
    assert (found.loaders, handle(found)) == (two, made.handle)


async def test_a_search_that_fails_at_one_account_still_finds_the_link_at_another() -> None:
    worker = Worker(FakeVendor(fails=lambda *_: error(UnavailableError)))
    two = fresh(fake_account(Creates, FakeVendor(), "two"))
    keyed = [KeyedCommand(CreateCommand((worker.one, two), NEW), "k")]

    with pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {}, end)
    (unclear,) = await worker.idempotency.create("me", keyed, {}, create_links)
    (failure,) = unclear.failures
    assert (failure.code, failure.path, failure.retry_after) == (ErrorCode.AMBIGUOUS, ("idempotency_key",), None)
    assert (failure.account, unclear.loaders) == (worker.one.account, worker.one)
    assert isinstance(two.account.adapter, Creates)
    made = two.account.adapter.keep(NEW)
    (found,) = await worker.idempotency.create("me", keyed, {}, create_links)
    assert handle(found) == made.handle


@pytest.mark.parametrize("kind", [UnavailableError, RateLimitedError, UnauthenticatedError])
async def test_after_a_certain_failure_the_key_is_free_for_another_input(kind: type[VendorError]) -> None:
    worker = Worker(first_create_fails(kind))
    assert [failure.code for failure in (await worker.create_one()).failures] == [kind.code]
    assert handle(await worker.create_one(OTHER)) == "fake.example/autumn"
    assert worker.vendor.asked("plan") == worker.vendor.asked("find") == []


@dataclass
class FailingClaims(MemoryClaims):
    """Claims in a server that is down, or whose records another worker replaces."""

    store: MemoryStore
    down: frozenset[str] = frozenset()
    taken: bool = False

    def __post_init__(self) -> None:
        super().__init__(self.store)

    async def get(self, name: str) -> bytes | None:
        self._fail("get")
        return await super().get(name)

    async def claim(self, name: str, seen: bytes | None, record: bytes, ttl_seconds: float) -> bool:
        self._fail("claim")
        return not self.taken and await super().claim(name, seen, record, ttl_seconds)

    def _fail(self, what: str) -> None:
        if what in self.down:
            raise StoreDownError("the server is down", retry_after=2)


@pytest.mark.parametrize("down", ["get", "claim"])
async def test_a_create_whose_key_cannot_be_stored_is_refused_before_any_call(down: str) -> None:
    worker = Worker()
    claims = FailingClaims(worker.store, frozenset({down}))
    worker.idempotency = Idempotency(claims, worker.locks, worker.clock)
    refused, free = await worker.create((NEW, "k"), (OTHER, None))
    (failure,) = refused.failures
    assert (failure.code, failure.path, failure.retry_after) == (ErrorCode.UNAVAILABLE, ("idempotency_key",), 2)
    assert (failure.account, refused.written, refused.loaders) == (None, None, worker.one)
    assert "the link was not created" in failure.message
    assert handle(free) == "fake.example/autumn"
    assert worker.vendor.questions == ["create https://www.example.com/spring"]
    claims.down = frozenset()
    assert handle(await worker.create_one()) == "fake.example/spring"


async def test_a_key_that_another_worker_claims_in_between_is_in_progress() -> None:
    worker = Worker()
    claims = FailingClaims(worker.store, taken=True)
    worker.idempotency = Idempotency(claims, worker.locks, worker.clock)
    (failure,) = (await worker.create_one()).failures
    assert (failure.code, failure.path, worker.creates) == (ErrorCode.CONFLICT, ("idempotency_key",), 0)
    assert "is in progress" in failure.message


async def test_a_record_holds_no_input() -> None:
    worker = Worker()
    await worker.create_one(replace(NEW, title="Launch secret"))
    records = [value for key in list(worker.store._records) if (value := await worker.store.get(key))]  # noqa: SLF001 - what is stored
    assert [b"Launch" in value for value in records] == [False]
    assert set(orjson.loads(records[0])) == {"input", "at", "account", "handle", "attempt"}
