"""Executes one document with a plan and by graphql-core, and compares the answers."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, experimental_execute_incrementally
from strawberry.execution import optimized_is_awaitable

from linkweave.schema.context import Context
from linkweave.schema.execution.compiled.plans import DocumentPlans
from linkweave.schema.execution.executor import Executor

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Answer:
    """An answer, and the calls that were made for it."""

    data: Any
    errors: Sequence[dict[str, Any]]
    asked: object

    def check(self, expected: "Answer", situation: str) -> None:
        """Asserts that the answer is the expected one, after the same calls.

        Of the errors in a lost place, those that come first are reported, and calls for it are not always made.
        """
        assert json.dumps(self.data) == json.dumps(expected.data), situation
        assert self.lost() == expected.lost(), situation
        assert self.other_errors() == expected.other_errors(), situation
        if not expected.lost():
            assert self.asked == expected.asked, situation

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


@dataclass(frozen=True)
class Request:
    """A document with its variables."""

    schema: GraphQLSchema
    document: DocumentNode
    values: dict[str, Any]

    async def answer(
        self, context: Context, root_value: object, asked: Callable[[], object], plans: DocumentPlans | None
    ) -> Answer:
        """Returns the answer by `plans`, or by graphql-core without. `asked` returns the calls that were made."""
        result: Any = experimental_execute_incrementally(
            self.schema,
            self.document,
            executor_class=Executor,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type] # Strawberry's is no type guard
            root_value=root_value,
            context_value=context,
            variable_values=self.values,
            plans=plans,
        )
        result = await result if optimized_is_awaitable(result) else result
        assert isinstance(result, ExecutionResult)
        return Answer(result.data, [cast("Any", error.formatted) for error in result.errors or ()], asked())
