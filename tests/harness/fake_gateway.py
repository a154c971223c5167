"""Contexts of operations over fake accounts whose data and failures are made from a seed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Final
from zlib import crc32

from strawberry.dataloader import DataLoader

from harness.emulators import ManualClock
from harness.fake_accounts import FakeVendor, FindsLinks, ListsDated, down, fake_account, link, report
from harness.link_paging import CURSORS
from linkweave.accounts import Account
from linkweave.concurrency.lru import LruDict
from linkweave.errors import VendorError
from linkweave.gather.session import PersistentRecords, open_session
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.models import Domain, DomainKind, Expiry, Link, Period, StatsPart, StatsReport, Utm
from linkweave.schema.context import Context
from linkweave.schema.global_ids import encode_id
from linkweave.schema.operations.node_factory import SchemaNodeFactory
from linkweave.storage.claims import MemoryClaims
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks

DOMAINS: Final = ("a.example", "b.example", "c.example")
KEYS: Final = ("one", "two")
IDS: Final = tuple(
    f'"{each}"'
    for key in KEYS
    for each in (
        encode_id("Account", key),
        encode_id("Link", key, "l1"),
        encode_id("Link", key, "l9"),
        encode_id("Domain", key, DOMAINS[0]),
        encode_id("Tag", "red"),
    )
)


class Complete(ListsDated, FindsLinks):
    """Lists and gets links, and tells statistics, tags and domains.

    What fails does not depend on what is asked for together: single links, and single parts of statistics. A link that
    lists have is never refused, because a list of the same operation may come first, and then nobody asks for it.
    """

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        self.vendor.questions.append(f"get {','.join(handles)} for {','.join(sorted(fields))}")
        found: dict[str, Link | VendorError] = {}
        for handle in handles:
            failure = None if handle in self.vendor.links else self.vendor.fails(0, f"get {handle}")
            if failure is not None:
                found[handle] = down()
            elif handle in self.vendor.links:
                found[handle] = self.vendor.links[handle]
        return found

    async def read_stats(
        self,
        handle: str,
        link: Link | None,  # noqa: ARG002 - the interface
        period: Period | None,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        days = "life" if period is None else f"{period.start}..{period.end}"
        self.vendor.questions.append(f"stats {handle} {days} {','.join(sorted(part.name for part in parts))}")
        failures: dict[StatsPart, VendorError] = {
            part: down() for part in parts if self.vendor.fails(0, f"stats {handle} {days} {part.name}") is not None
        }
        told = self.vendor.reports[handle]
        assert isinstance(told, StatsReport)
        return replace(told, failures=failures)


@dataclass(frozen=True)
class FakeGateway:
    """The accounts of one request, and their vendors. `trouble` of 1000 questions to a vendor fail."""

    context: Context
    vendors: tuple[FakeVendor, ...]

    def asked(self) -> list[Counter[str]]:
        """Returns what each vendor was asked for, whatever was asked for together.

        Links that lists have are left out: whether somebody asks for one depends on what came first.
        """
        return [Counter(_things(vendor)) for vendor in self.vendors]

    def calls(self) -> int:
        """Returns the number of questions to all vendors."""
        return sum(len(vendor.questions) for vendor in self.vendors)

    @classmethod
    def of(cls, seed: int, trouble: int) -> "FakeGateway":
        vendors = tuple(_vendor(seed + index, trouble) for index, _ in enumerate(KEYS))
        accounts = [_account(key, each) for key, each in zip(KEYS, vendors, strict=True)]
        clock, store = ManualClock(), MemoryStore()
        records = PersistentRecords(store, Idempotency(MemoryClaims(store), NamedLocks(MemoryLeases(store)), clock))
        session = open_session(accounts, {}, CURSORS, clock, DataLoader, records)
        return cls(Context(session, "request", SchemaNodeFactory()), vendors)


def _things(vendor: FakeVendor) -> Iterator[str]:
    for question in vendor.questions:
        kind, *words = question.split(" ")
        if kind == "get":
            yield from (f"get {handle}" for handle in words[0].split(",") if handle not in vendor.links)
        elif kind == "stats":
            yield from (f"stats {words[0]} {words[1]} {part}" for part in words[2].split(","))
        else:
            yield question


def _account(key: str, vendor: FakeVendor) -> Account:
    """Returns an account that was opened before, with another vendor: to open one takes longer than to ask it."""
    opened = _opened_account(key)
    settings = opened.settings.model_copy(update={"vendor": vendor})
    adapter = type(opened.adapter)(settings, opened.stack.client, ManualClock())
    return replace(opened, settings=settings, adapter=adapter, lane_lengths=LruDict(max_entries=10))


@cache
def _opened_account(key: str) -> Account:
    return fake_account(Complete if key == "one" else ListsDated, FakeVendor(), key)


def _vendor(seed: int, trouble: int) -> FakeVendor:
    random = Random(seed)  # noqa: S311 - a test that can be repeated
    links = [_link(random, f"l{number}", number) for number in range(random.choice([0, 2, 5]))]

    def fails(_: int, words: str) -> Exception | None:
        roll = crc32(f"{seed} {words}".encode()) % 1000
        if roll < trouble:
            return down()
        return ZeroDivisionError(words) if roll < trouble * 5 // 4 else None

    return FakeVendor(
        lanes={"even": links[::2], "odd": links[1::2]},
        page_size=2,
        links={each.handle: each for each in links},
        reports={each.handle: report(clicks=random.randrange(100), unique_clicks=None) for each in links},
        tags=("red", "Blue"),
        domains=tuple(Domain(name, DomainKind.SHARED, https=random.random() < 0.5) for name in DOMAINS[:2]),
        fails=fails,
    )


def _link(random: Random, handle: str, minutes: int) -> Link:
    return link(
        handle,
        minutes,
        domain=random.choice([None, *DOMAINS]),
        title=random.choice([None, "A title"]),
        expiry=random.choice([None, Expiry(after_clicks=3)]),
        utm=random.choice([None, Utm(source="letter")]),
        team_id=random.choice([None, "t1"]),
        qr_small=random.choice([None, "no URL", "https://qr.example/1.png"]),
    )
