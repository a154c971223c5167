"""A document as it is executed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode

from linkweave.schema.execution.compiled.plans import DocumentPlans
from linkweave.schema.limits.answer_size import SizeTerm
from linkweave.schema.limits.cost.document_costs import CostTerm


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document and its errors. `syntax` is None if it could not be parsed.

    `without_incremental` is `syntax` without @defer and @stream, for callers that do not accept a response in parts.
    `hash` is the beginning of the text's SHA-256. `cost_terms` and `size_terms` have the terms of each of `operations`.
    `callers_own` says that callers with equal rights may get different answers.
    `trusted` says that the document is in the operator's manifest. `plans` are made when the document is executed.
    Without them graphql-core executes it. `literals` are variables in place of literals of the text. `relocate` moves
    an error to its position in the text.
    """

    errors: tuple[GraphQLError, ...]
    syntax: DocumentNode | None = None
    without_incremental: DocumentNode | None = None
    operations: tuple[OperationDefinitionNode, ...] = ()
    hash: str = ""
    cost_terms: tuple[tuple[CostTerm, ...], ...] = ()
    size_terms: tuple[tuple[SizeTerm, ...], ...] = ()
    callers_own: bool = False
    trusted: bool = False
    plans: DocumentPlans | None = field(default_factory=DocumentPlans, compare=False, repr=False)
    literals: Mapping[str, Any] = field(default_factory=dict)
    relocate: Callable[[GraphQLError], GraphQLError] | None = None

    @property
    def incremental(self) -> bool:
        """Whether the document contains @defer or @stream."""
        return self.without_incremental is not self.syntax

    def values(self, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        """Returns the variables of a request, with those for literals of the text."""
        return {**(variables or {}), **self.literals}

    def relocated(self, errors: Iterable[GraphQLError]) -> list[GraphQLError]:
        """Returns `errors` with their positions in the text."""
        return list(errors) if self.relocate is None else [self.relocate(error) for error in errors]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Returns the operation called `name`, or the first one for None. None says that there is no such operation."""
        return next((each for each in self.operations if name is None or _name(each) == name), None)

    def cost_terms_of(self, operation: OperationDefinitionNode) -> tuple[CostTerm, ...]:
        """Returns the cost terms of `operation`, which is one of this document's."""
        pairs = zip(self.operations, self.cost_terms, strict=True)
        return next((terms for each, terms in pairs if each is operation), ())

    def size_terms_of(self, operation: OperationDefinitionNode) -> tuple[SizeTerm, ...]:
        """Returns the size terms of `operation`, which is one of this document's."""
        pairs = zip(self.operations, self.size_terms, strict=True)
        return next((terms for each, terms in pairs if each is operation), ())


def _name(operation: OperationDefinitionNode) -> str | None:
    return None if operation.name is None else operation.name.value
