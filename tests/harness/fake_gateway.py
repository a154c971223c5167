"""Contexts of operations over fake accounts whose data and failures are made from a seed."""

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Final
from zlib import crc32

from strawberry.dataloader import DataLoader

from harness.emulators import ManualClock
from harness.fake_accounts import FakeVendor, FindsLinks, ListsDated, down, fake_account, link, report
from harness.link_paging import CURSORS
from linkweave.gather.session import PersistentRecords, open_session
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.models import Domain, DomainKind, Expiry, Link, Utm
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
    """Lists and gets links, and tells statistics, tags and domains."""


@dataclass(frozen=True)
class FakeGateway:
    """The accounts of one request, and their vendors. `trouble` of 1000 questions to a vendor fail."""

    context: Context
    vendors: tuple[FakeVendor, ...]

    def asked(self) -> list[Counter[str]]:
        """Returns the questions to each vendor."""
        return [Counter(vendor.questions) for vendor in self.vendors]

    @classmethod
    def of(cls, seed: int, trouble: int) -> "FakeGateway":
        vendors = tuple(_vendor(seed + index, trouble) for index, _ in enumerate(KEYS))
        accounts = [
            fake_account(Complete if key == "one" else ListsDated, each, key)
            for key, each in zip(KEYS, vendors, strict=True)
        ]
        clock, store = ManualClock(), MemoryStore()
        records = PersistentRecords(store, Idempotency(MemoryClaims(store), NamedLocks(MemoryLeases(store)), clock))
        session = open_session(accounts, {}, CURSORS, clock, DataLoader, records)
        return cls(Context(session, "request", SchemaNodeFactory()), vendors)


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
