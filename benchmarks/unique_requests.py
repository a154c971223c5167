"""Processor time of a request that was never seen before, over vendors in memory: with plans and with graphql-core.

The document selects 100 links with 600 fields; 100 of these objects are domains, of which there are ten.
"""

import gc
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import count
from statistics import median
from typing import Final

import httpx2
from pydantic import SecretStr
from strawberry.dataloader import DataLoader

from benchmarks.collector import Collector, as_in_a_server
from benchmarks.many_pages import DatedShelf, ShelfSettings, refuse, shelf_provider
from benchmarks.measuring import RUNS, as_request
from linkweave.accounts import Account, open_account
from linkweave.clock import SystemClock
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.session import PersistentRecords, Session, open_session
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.models import Domain, Link
from linkweave.providers.read_capabilities import CanListDomains
from linkweave.schema.build import build_schema
from linkweave.schema.context import Context
from linkweave.schema.execution.document import Document
from linkweave.schema.execution.document_cache import DocumentCache
from linkweave.schema.execution.document_parser import DocumentParser
from linkweave.schema.execution.schema import RULES, Schema
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.schema.operations.node_factory import SchemaNodeFactory
from linkweave.storage.claims import MemoryClaims
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks

DOMAINS: Final = 10
REPEAT: Final = 40
_FIELDS: Final = "nodes { shortUrl destination title createdAt domain { name https } }"


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """Processor time of one request in each run."""

    runs: tuple[float, ...]
    collector: Collector

    @property
    def median(self) -> float:
        """The one in the middle."""
        return median(self.runs)

    @property
    def collector_words(self) -> str:
        """The part of the garbage collector."""
        return self.collector.words((len(self.runs) + 1) * REPEAT)


class DomainShelf(DatedShelf, CanListDomains):
    """A shelf whose links are on ten domains."""

    async def list_domains(self) -> tuple[Domain, ...]:
        """The ten domains."""
        return self._domains

    @cached_property
    def _domains(self) -> tuple[Domain, ...]:
        return tuple(Domain(f"d{number}.example", https=True) for number in range(DOMAINS))

    @cache  # noqa: B019 - making the links again would be the vendor's time, not the gateway's
    def _link(self, number: int) -> Link:
        return replace(super()._link(number), domain=f"d{number % DOMAINS}.example", title=f"Title {number}")


async def compare() -> Mapping[str, Milliseconds]:
    """Processor time of "new shape", "known shape", and both "by graphql-core", in turns.

    Raises:
        RuntimeError: the answers differ.
    """
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(refuse)) as http:
        settings = ShelfSettings(key="one", provider="domains", links=10_000)
        account = open_account(settings, shelf_provider("domains", DomainShelf), http, SystemClock())
        rivals = {
            "new shape": Rival(build_schema(), account, _new_shapes()),
            "known shape": Rival(build_schema(), account, _known_shape()),
            "by graphql-core": Rival(by_graphql_core(), account, _known_shape()),
        }
        if len({str(await each.ask()) for each in rivals.values()}) != 1:
            raise RuntimeError("the answers differ")
        runs: dict[str, list[float]] = {name: [] for name in rivals}
        collectors = {name: Collector() for name in rivals}
        with as_in_a_server():
            for turn in range(RUNS + 1):
                for name, rival in rivals.items():
                    milliseconds = await rival.measure(collectors[name])
                    runs[name] += [milliseconds] if turn else []
    return {name: Milliseconds(tuple(each), collectors[name]) for name, each in runs.items()}


@dataclass(frozen=True, slots=True)
class Rival:
    """A schema that is asked the next of `documents`, each time with a session that knows nothing."""

    schema: Schema
    account: Account
    documents: Iterator[str]

    async def measure(self, collector: Collector) -> float:
        """Milliseconds of the processor for one request."""
        gc.collect()
        start = time.process_time()
        with collector.counting():
            for _ in range(REPEAT):
                await as_request(self.ask())
        return (time.process_time() - start) / REPEAT * 1000

    async def ask(self) -> object:
        """The data of the next answer."""
        context = Context(_session(self.account), "request", SchemaNodeFactory())
        result = await self.schema.execute(next(self.documents), context_value=context)
        if result.errors:
            raise RuntimeError(f"answered errors: {result.errors[:1]}")
        return (result.data or {})["links"]


def by_graphql_core() -> Schema:
    """The schema that parses, validates and executes each new document with graphql-core."""
    schema = build_schema().with_policy(DocumentPolicy())
    parser = DocumentParser(schema._schema, RULES)  # noqa: SLF001 - strawberry hands out no other

    def parse(text: str) -> Document:
        return replace(parser(text), plans=None)

    schema.documents = DocumentCache(parse)
    return schema


def _known_shape() -> Iterator[str]:
    return (f"query Q{number} {{ links(first: 100) {{ {_FIELDS} }} }}" for number in count())


def _new_shapes() -> Iterator[str]:
    # Another alias makes another shape. It is selected by no request.
    for number in count():
        yield f"query Q {{ links(first: 100) {{ {_FIELDS} }} a{number}: accounts @include(if: false) {{ key }} }}"


def _session(account: Account) -> Session:
    clock, store = SystemClock(), MemoryStore()
    records = PersistentRecords(store, Idempotency(MemoryClaims(store), NamedLocks(MemoryLeases(store)), clock))
    return open_session([account], {}, CursorCodec(SecretStr("benchmark")), clock, DataLoader, records)
