"""What is remembered of creates at vendors whose reads lag. The payloads are tested in tests/schema/operations."""

from datetime import timedelta

import pytest

from harness.emulators import ManualClock
from harness.fake_accounts import FakeVendor, fake_account, fresh
from harness.fake_writers import Creates
from linkweave.errors import AmbiguousError, ErrorCode, RejectedError, VendorError
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, IfExists, create_links
from linkweave.gather.writing.recent_links import RecentLinks
from linkweave.models.changes import NewLink
from linkweave.storage.memory_store import MemoryStore

NEW = NewLink("https://www.example.com/spring")


class CreatesUnseen(Creates):
    """At a vendor whose reads lag."""

    read_lag = timedelta(minutes=10)


class Gateway:
    """A gateway with one account."""

    def __init__(self, vendor: FakeVendor, adapter: type[Creates] = CreatesUnseen) -> None:
        self.clock = ManualClock()
        self.store = MemoryStore(self.clock)
        self.vendor = vendor
        self.account = fake_account(adapter, vendor, "one")

    async def create(self, if_exists: IfExists = IfExists.RETURN) -> CreateResult:
        recent = RecentLinks(self.store, self.clock)
        (result,) = await create_links([CreateCommand((fresh(self.account),), NEW, if_exists)], recent)
        # The vendor does not list it yet.
        self.vendor.lanes["all"] = []
        return result


def failing_once(kind: type[VendorError]) -> FakeVendor:
    error = kind("no", account="one", operation="create link")
    vendor = FakeVendor()
    vendor.fails = lambda _, words: error if words.startswith("create") and len(vendor.asked("create")) == 1 else None
    return vendor


@pytest.mark.parametrize(("waited", "created"), [(0, False), (599, False), (600, True)])
async def test_a_link_is_remembered_for_the_lag(waited: float, created: bool) -> None:
    gateway = Gateway(FakeVendor())
    first = await gateway.create()
    gateway.clock.advance(waited)
    again = await gateway.create()
    assert first.written is not None
    assert again.written is not None
    assert again.written.created is created
    assert (again.written.link.handle == first.written.link.handle) is not created


async def test_nothing_is_remembered_where_reads_follow_writes() -> None:
    gateway = Gateway(FakeVendor(), Creates)
    await gateway.create()
    assert len(gateway.store) == 0


@pytest.mark.parametrize(("kind", "codes"), [(RejectedError, []), (AmbiguousError, [ErrorCode.AMBIGUOUS])])
async def test_a_create_that_certainly_failed_is_not_remembered(
    kind: type[VendorError], codes: list[ErrorCode]
) -> None:
    gateway = Gateway(failing_once(kind))
    assert [failure.code for failure in (await gateway.create()).failures] == [kind.code]
    gateway.clock.advance(100.5)
    again = await gateway.create()
    assert [failure.code for failure in again.failures] == codes
    assert [failure.retry_after for failure in again.failures] == [500] * len(codes)
    assert [failure.path for failure in again.failures] == [("destination",)] * len(codes)


async def test_a_record_that_this_release_cannot_read_counts_as_missing() -> None:
    gateway = Gateway(FakeVendor())
    await gateway.create()
    (name,) = gateway.store._records  # noqa: SLF001 - what is stored
    assert "example" not in name
    await gateway.store.set(name, b"[]", 60)
    again = await gateway.create()
    assert again.written is not None
    assert again.written.created
