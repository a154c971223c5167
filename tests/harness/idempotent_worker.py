"""A worker that creates links with keys."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from harness.emulators import ManualClock
from harness.fake_accounts import FakeVendor, fake_account, fresh
from harness.fake_writers import Creates
from linkweave.errors import VendorError
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, create_links
from linkweave.gather.writing.idempotency import Idempotency, KeyedCommand
from linkweave.models.changes import NewLink
from linkweave.storage.claims import MemoryClaims
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
