"""Compares the answers to generated documents: by a plan, and by graphql-core.

`PYTHONPATH=tests python -m harness.compared_documents failing 0 1000000` compares a million documents, in a process of
its own, and says how many differ. The other kind is `gateway`.
"""

import asyncio
import gc
import logging
import sys
import time
import warnings
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextvars import Context
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Final, TypeAlias

from graphql import GraphQLSchema, parse

from harness.compared_answers import Request
from harness.failing_schema import failing_schema
from harness.failing_world import World, context
from harness.fake_gateway import DOMAINS, IDS, KEYS, FakeGateway
from harness.generated_documents import UNLIMITED, DocumentMaker
from linkweave.concurrency.eager_tasks import MAX_STARTS, start_eagerly
from linkweave.schema.build import build_schema
from linkweave.schema.execution.compiled.plans import DocumentPlans

Compare: TypeAlias = Callable[[int], Awaitable[None]]

# One document in so many is large: it has as many fields as the maker wants.
LARGE_ONE_IN: Final = 100
MAX_SMALL_FIELDS: Final = 5
_PROGRESS: Final = 1_000


@cache
def _failing() -> GraphQLSchema:
    return failing_schema()._schema  # noqa: SLF001 - strawberry hands out no other


@cache
def _gateway() -> GraphQLSchema:
    return build_schema()._schema  # noqa: SLF001 - as above


def failing_documents(seed: int) -> DocumentMaker:
    """Returns the maker of a document for the schema whose fields fail."""
    return _maker(seed, _failing(), {"Int": ["1", "2", "0", "5"], "Colour": ["RED", "BLUE"]})


def gateway_documents(seed: int) -> DocumentMaker:
    """Returns the maker of a document for the gateway's schema."""
    literals = {
        "Int": ["1", "2", "4"],
        "ID": IDS,
        "String": [f'"{text}"' for text in (*KEYS, "re")],
        "URL": [f'"https://fake.example/{name}"' for name in ("l1", "l9")],
        "LinkFilter": [f'{{domains: ["{DOMAINS[0]}"]}}', '{tags: {any: ["red"]}}'],
    }
    # QR codes are drawn in threads.
    return _maker(seed, _gateway(), literals, frozenset({"QrCode.svg"}))


def _maker(
    seed: int,
    schema: GraphQLSchema,
    literals: Mapping[str, Sequence[str]],
    skipped: frozenset[str] = frozenset(),
) -> DocumentMaker:
    random = Random(seed)  # noqa: S311 - what can be repeated
    fields = random.randint(1, MAX_SMALL_FIELDS) if seed % LARGE_ONE_IN else UNLIMITED
    return DocumentMaker(schema, random, literals, skipped=skipped, max_fields=fields)


async def compare_failing(seed: int) -> None:
    """Compares answers over data that fails in every way."""
    maker = failing_documents(seed)
    text = maker.make()
    document, plans = parse(text), DocumentPlans()
    for turn in _turns(maker):
        trouble, delays = maker.random.choice([0, 10, 40]), maker.random.choice([0, 0, 3])
        request = Request(maker.schema, document, maker.values())
        worlds = [World(seed + turn, trouble, delays) for _ in range(2)]
        expected = await request.answer(context(), worlds[0], worlds[0].calls, None)
        found = await request.answer(context(), worlds[1], worlds[1].calls, plans)
        found.check(expected, f"seed {seed}, turn {turn}, trouble {trouble}, delays {delays}, {request.values}\n{text}")


async def compare_gateway(seed: int) -> None:
    """Compares answers of the gateway's own types over accounts whose calls fail."""
    maker = gateway_documents(seed)
    text = maker.make()
    document, plans = parse(text), DocumentPlans()
    for turn in _turns(maker):
        request, trouble = Request(maker.schema, document, maker.values()), maker.random.choice([0, 50, 300])
        gateways = [FakeGateway.of(seed + turn, trouble) for _ in range(2)]
        expected = await request.answer(gateways[0].context, None, gateways[0].asked, None)
        found = await request.answer(gateways[1].context, None, gateways[1].asked, plans)
        situation = f"seed {seed}, turn {turn}, trouble {trouble}, {request.values}\n{text}"
        found.check(expected, situation)
        assert expected.lost() or gateways[1].calls() <= gateways[0].calls(), situation


def _turns(maker: DocumentMaker) -> range:
    """A plan is made once, and used for other variables and data."""
    return range(2 if maker.random.random() < (0.5 if maker.variables else 0.2) else 1)


async def compare_all(compare: Compare, seeds: Iterable[int]) -> None:
    """Compares the documents of all seeds, each as an operation of its own."""
    for seed in seeds:
        await asyncio.get_running_loop().create_task(_compare_one(compare, seed), context=Context())


async def _compare_one(compare: Compare, seed: int) -> None:
    """Some operations have started many tasks before, and so may start few at once or none."""
    for _ in range(seed // 8 % (MAX_STARTS + 1) if seed % 8 == 0 else 0):
        await start_eagerly(_nothing())
    await compare(seed)


async def _nothing() -> None:
    pass


KINDS: Final[Mapping[str, Compare]] = MappingProxyType({"failing": compare_failing, "gateway": compare_gateway})


async def main(kind: str, first: int, last: int) -> None:
    """Compares documents, and prints those that differ."""
    different = 0
    start = time.process_time()
    for seed in range(first, last):
        try:
            await compare_all(KINDS[kind], [seed])
        except AssertionError as error:
            different += 1
            print(error, flush=True)  # noqa: T201 - a command
        if seed % _PROGRESS == _PROGRESS - 1:
            gc.collect()
            done, seconds = seed + 1 - first, time.process_time() - start
            words = f"{kind}: {done:,} documents, {different} differ, {seconds:.0f} s of the processor"
            print(words, flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    # graphql-core leaves coroutines without an await where a sibling failed at once.
    warnings.simplefilter("ignore", RuntimeWarning)
    logging.disable(logging.CRITICAL)
    sys.unraisablehook = lambda _: None
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
