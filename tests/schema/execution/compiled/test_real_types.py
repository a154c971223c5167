"""A plan returns what graphql-core returns for the types of the gateway, and asks vendors for nothing more."""

import asyncio
import gc
import logging
from collections import Counter
from contextvars import Context
from dataclasses import replace
from random import Random
from typing import Final, cast

import pytest
from graphql import parse, validate

from harness.compared_answers import Answer, Request
from harness.fake_gateway import DOMAINS, IDS, KEYS, FakeGateway
from harness.generated_documents import DocumentMaker, seed_ranges
from linkweave.schema.build import build_schema
from linkweave.schema.execution.compiled.plans import DocumentPlans

SCHEMA: Final = build_schema()._schema  # noqa: SLF001 - strawberry hands out no other
LITERALS: Final = {
    "Int": ["1", "2", "4"],
    "ID": IDS,
    "String": [f'"{text}"' for text in (*KEYS, "re")],
    "URL": [f'"https://fake.example/{name}"' for name in ("l1", "l9")],
    "LinkFilter": [f'{{domains: ["{DOMAINS[0]}"]}}', '{tags: {any: ["red"]}}'],
}
# Drawn in threads.
SKIPPED: Final = frozenset({"QrCode.svg"})


async def compare(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test that can be repeated
    maker = DocumentMaker(SCHEMA, random, LITERALS, skipped=SKIPPED)
    text = maker.make()
    document, plans = parse(text), DocumentPlans()
    for turn in range(2):
        request, trouble = Request(SCHEMA, document, maker.values()), random.choice([0, 50, 300])
        answers = []
        for given in (None, plans):
            gateway = FakeGateway.of(seed + turn, trouble)
            answers.append(await request.answer(gateway.context, None, gateway.asked, given))
        expected, found = answers
        situation = f"seed {seed}, turn {turn}, trouble {trouble}, {request.values}\n{text}"
        if found.asked == expected.asked or trouble == 0:
            found.check(replace(expected, asked=found.asked), situation)
        # Else a call that fails may be one that the plan does not make.
        if not expected.lost():
            check_calls(found, expected, situation)


def check_calls(found: Answer, expected: Answer, situation: str) -> None:
    """Asserts that a plan asks for nothing that graphql-core does not ask for, in no more calls.

    It starts to read all fields of a moment in one turn of the event loop. So a list may come before its links are
    asked for one by one, and parts of a report are asked for together that graphql-core asks for apart.
    """
    pairs = zip(cast("list[Counter[str]]", found.asked), cast("list[Counter[str]]", expected.asked), strict=True)
    for ours, theirs in pairs:
        assert things(ours) <= things(theirs), situation
        assert ours.total() <= theirs.total(), situation


def things(questions: Counter[str]) -> set[tuple[str, ...]]:
    """Returns each link, and each part of a report, that was asked for in these questions."""
    wanted = set[tuple[str, ...]]()
    for question in questions:
        kind, *words = question.split(" ")
        if kind == "get":
            wanted.update((kind, handle) for handle in words[0].split(","))
        elif kind == "stats":
            wanted.update((kind, *words[:2], part) for part in words[2].split(","))
        else:
            wanted.add((question,))
    return wanted


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seeds", seed_ranges())
async def test_the_types_of_the_gateway_are_answered_as_by_graphql_core(
    seeds: range, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="linkweave")
    for seed in seeds:
        # Each as an operation of its own, which may start as many tasks at once as any other.
        await asyncio.get_running_loop().create_task(compare(seed), context=Context())
    await asyncio.sleep(0)
    gc.collect()


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_generated_documents_are_valid() -> None:
    for seed in range(50):
        text = DocumentMaker(SCHEMA, Random(seed), LITERALS, skipped=SKIPPED).make()  # noqa: S311 - as above
        assert not validate(SCHEMA, parse(text)), text
