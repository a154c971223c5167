"""A plan returns what graphql-core returns, for generated documents over generated data with failures."""

import gc
import json
import logging
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from random import Random
from typing import Any, Final, cast

import pytest
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, experimental_execute_incrementally, parse, validate
from strawberry.execution import optimized_is_awaitable

from harness.failing_schema import failing_schema
from harness.failing_world import World, context
from harness.generated_documents import DocumentMaker
from linkweave.schema.execution.compiled.plans import DocumentPlans
from linkweave.schema.execution.executor import Executor

# The seed of the first document, and how many follow: LINKWEAVE_DOCUMENTS=0:1000000 runs a million, in some hours.
FIRST, _, LAST = os.environ.get("LINKWEAVE_DOCUMENTS", "0:500").partition(":")
CHUNKS: Final = 10
LITERALS: Final = {"Int": ["1", "2", "0", "5"], "Colour": ["RED", "BLUE"]}

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Answer:
    """An answer, and the calls that were made for it."""

    data: Any
    errors: Sequence[dict[str, Any]]
    asked: Counter[str]

    def lost(self) -> set[Path]:
        """Returns the places that are null because of an error at a place inside of them."""
        return {place for error in self.errors if len(place := self._null(error["path"])) < len(error["path"])}

    def other_errors(self) -> Counter[str]:
        """Returns the errors that are not inside of a lost place, with everything that a client sees of them."""
        return Counter(
            json.dumps(error, sort_keys=True)
            for error in self.errors
            if len(self._null(error["path"])) == len(error["path"])
        )

    def _null(self, path: Sequence[str | int]) -> Path:
        """Returns the shortest part of `path` at which the data is null."""
        at = self.data
        for index, key in enumerate(path):
            if at is None:
                return tuple(path[:index])
            at = at[key]
        return tuple(path)


async def execute(document: DocumentNode, values: dict[str, Any], world: World, plans: DocumentPlans | None) -> Answer:
    result: Any = experimental_execute_incrementally(
        schema(),
        document,
        executor_class=Executor,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type] # Strawberry's is no type guard
        root_value=world,
        context_value=context(),
        variable_values=values,
        plans=plans,
    )
    result = await result if optimized_is_awaitable(result) else result
    assert isinstance(result, ExecutionResult)
    return Answer(result.data, [cast("Any", error.formatted) for error in result.errors or ()], world.asked)


@cache
def schema() -> GraphQLSchema:
    return failing_schema()._schema  # noqa: SLF001 - strawberry hands out no other


async def compare(seed: int) -> None:
    """Two requests with different variables and data, of one document, whose plan is made for the first one."""
    random = Random(seed)  # noqa: S311 - a test that can be repeated
    maker = DocumentMaker(schema(), random, LITERALS)
    text = maker.make()
    document, plans = parse(text, no_location=False), DocumentPlans()
    for turn in range(2):
        trouble, delays = random.choice([0, 10, 40]), random.choice([0, 0, 3])
        values = maker.values()
        expected = await execute(document, values, World(seed + turn, trouble, delays), None)
        found = await execute(document, values, World(seed + turn, trouble, delays), plans)
        situation = f"seed {seed}, turn {turn}, trouble {trouble}, delays {delays}, {values}\n{text}"
        assert json.dumps(found.data) == json.dumps(expected.data), situation
        assert found.lost() == expected.lost(), situation
        assert found.other_errors() == expected.other_errors(), situation
        if not expected.lost():
            assert found.asked == expected.asked, situation


# graphql-core leaves coroutines without an await where a sibling failed at once.
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_a_plan_returns_the_data_and_errors_of_graphql_core_after_the_same_calls(
    chunk: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="linkweave")
    for seed in range(int(FIRST) + chunk, int(LAST), CHUNKS):
        await compare(seed)
    # What graphql-core left must not disturb the next test.
    gc.collect()


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
