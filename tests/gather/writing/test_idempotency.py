"""What only a worker sees of idempotency keys. The payloads are tested in tests/schema/operations."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
import pytest

from harness.fake_accounts import FakeVendor, fake_account, fresh
from harness.fake_writers import Creates
from harness.idempotent_worker import NEW, OTHER, Worker, end, error, first_create_fails, handle
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
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
from linkweave.storage.claims import MemoryClaims
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.outages import StoreDownError


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
