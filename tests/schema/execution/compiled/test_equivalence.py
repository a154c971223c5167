"""A plan returns what graphql-core returns: the same data, the same errors at the same paths, after the same calls.

The documents are generated, and so are data, failures and variables: for a schema whose fields fail in every way, and
for the gateway's own types over accounts whose calls fail. An operation may begin with few tasks left that it may start
at once (concurrency/eager_tasks.py), so that tasks run in many orders. A plan may differ in this:

- Of several errors inside one lost place, the first is reported. Which is first depends on the order of tasks, in
  graphql-core too. Compared are the places that are lost, and every error outside of them.
- Both stop to work on a lost place at different moments. So calls are compared where no place is lost.
- Links, and parts of statistics, may be asked for together by a plan, and apart by graphql-core. Compared is what was
  asked for; a plan must not make more calls.
- A link that a list of the same operation has is not asked for singly where the list comes first. Which comes first
  depends on the order of tasks.
"""

import asyncio
import gc
import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Final

import pytest
from graphql import parse, validate

from harness.compared_documents import KINDS, compare_all, failing_documents, gateway_documents
from harness.generated_documents import DocumentMaker

# 20,000 documents, in parts that several processes can share.
RANGES: Final = [
    *[("failing", range(part, 16_000, 8)) for part in range(8)],
    *[("gateway", range(part, 4_000, 4)) for part in range(4)],
]


# graphql-core leaves coroutines without an await where a sibling failed at once.
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("kind", "seeds"), RANGES)
async def test_a_plan_returns_the_data_and_errors_of_graphql_core_after_the_same_calls(
    kind: str, seeds: range, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="linkweave")
    await compare_all(KINDS[kind], seeds)
    # What graphql-core left must not disturb the next test.
    await asyncio.sleep(0)
    gc.collect()


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("documents", [failing_documents, gateway_documents])
def test_generated_documents_are_valid(documents: Callable[[int], DocumentMaker]) -> None:
    for seed in range(100):
        maker = documents(seed)
        text = maker.make()
        assert not validate(maker.schema, parse(text)), text


def test_these_are_the_versions_that_the_plans_were_proven_with() -> None:
    """The folder uses private parts of both. Compare 100,000 documents of each kind before this is changed:

    `PYTHONPATH=tests python -m harness.compared_documents failing 0 100000`, and `gateway`.
    """
    assert {name: version(name) for name in ("graphql-core", "strawberry-graphql")} == {
        "graphql-core": "3.3.2",
        "strawberry-graphql": "0.341.2",
    }
