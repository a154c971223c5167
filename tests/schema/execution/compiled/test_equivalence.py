"""A plan returns what graphql-core returns, for generated documents over generated data with failures."""

import asyncio
import gc
import logging
from contextvars import Context
from functools import cache
from importlib.metadata import version
from random import Random
from typing import Final

import pytest
from graphql import GraphQLSchema, parse, validate

from harness.compared_answers import Request
from harness.failing_schema import failing_schema
from harness.failing_world import World, context
from harness.generated_documents import DocumentMaker, seed_ranges
from linkweave.schema.execution.compiled.plans import DocumentPlans

LITERALS: Final = {"Int": ["1", "2", "0", "5"], "Colour": ["RED", "BLUE"]}


@cache
def schema() -> GraphQLSchema:
    return failing_schema()._schema  # noqa: SLF001 - strawberry hands out no other


async def compare(seed: int) -> None:
    """Two requests with different variables and data, of one document, whose plan is made for the first one."""
    random = Random(seed)  # noqa: S311 - a test that can be repeated
    maker = DocumentMaker(schema(), random, LITERALS)
    text = maker.make()
    document, plans = parse(text), DocumentPlans()
    for turn in range(2):
        trouble, delays = random.choice([0, 10, 40]), random.choice([0, 0, 3])
        request = Request(schema(), document, maker.values())
        answers = []
        for given in (None, plans):
            world = World(seed + turn, trouble, delays)
            answers.append(await request.answer(context(), world, world.calls, given))
        expected, found = answers
        found.check(expected, f"seed {seed}, turn {turn}, trouble {trouble}, delays {delays}, {request.values}\n{text}")


# graphql-core leaves coroutines without an await where a sibling failed at once.
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seeds", seed_ranges())
async def test_a_plan_returns_the_data_and_errors_of_graphql_core_after_the_same_calls(
    seeds: range, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="linkweave")
    for seed in seeds:
        # Each as an operation of its own, which may start as many tasks at once as any other.
        await asyncio.get_running_loop().create_task(compare(seed), context=Context())
    # What graphql-core left must not disturb the next test.
    await asyncio.sleep(0)
    gc.collect()


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_generated_documents_are_valid() -> None:
    for seed in range(50):
        text = DocumentMaker(schema(), Random(seed), LITERALS).make()  # noqa: S311 - as above
        assert not validate(schema(), parse(text)), text


def test_these_are_the_versions_that_the_plans_were_proven_with() -> None:
    """The folder uses private parts of both: run 100,000 generated documents (see above) before this is changed."""
    assert {name: version(name) for name in ("graphql-core", "strawberry-graphql")} == {
        "graphql-core": "3.3.2",
        "strawberry-graphql": "0.341.2",
    }
