"""Checks a parsed document against the limits that need no schema."""

from collections.abc import Iterator, Sequence
from typing import Final

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLError, Node, OperationDefinitionNode

from linkweave.errors import ErrorCode
from linkweave.schema.limits.document_shape import (
    DEPTH,
    INTROSPECTION,
    NESTING,
    DefinitionShape,
    FragmentCycleError,
    measure_definitions,
)
from linkweave.schema.limits.duplicate_fields import find_most_repeated
from linkweave.schema.limits.limit_errors import at_nodes, limit_exceeded
from linkweave.settings import LimitSettings

_SUMMED_COUNTS: Final = ("selections", "aliases", "directives")
_CYCLE: Final = "The fragment {} spreads itself, directly or through others; take one of the spreads out."


def check_structure(document: DocumentNode, limits: LimitSettings) -> list[GraphQLError]:
    """Returns one error for each limit that `document` exceeds. The work grows only with the document's length."""
    errors = list(_check_definitions(document, limits))
    if errors:
        return errors
    try:
        measured = measure_definitions(document)
    except FragmentCycleError as cycle:
        return [_invalid(cycle.spread.node, _CYCLE.format(cycle))]
    by_limit: dict[str, GraphQLError] = {}
    for shape in measured:
        for name, error in _check_shape(shape, limits):
            by_limit.setdefault(name, error)
    return list(by_limit.values()) or list(_check_repeats(measured, limits))


def _check_definitions(document: DocumentNode, limits: LimitSettings) -> Iterator[GraphQLError]:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    if len(operations) > limits.operations:
        first_extra = operations[limits.operations]
        yield limit_exceeded("operations", len(operations), limits.operations, **at_nodes(first_extra))
    if len(fragments) > limits.fragments:
        yield limit_exceeded("fragments", len(fragments), limits.fragments, **at_nodes(fragments[limits.fragments]))
    for operation in operations:
        variables = operation.variable_definitions or ()
        if len(variables) > limits.variables:
            yield limit_exceeded("variables", len(variables), limits.variables, **at_nodes(variables[limits.variables]))
            return


def _check_shape(shape: DefinitionShape, limits: LimitSettings) -> Iterator[tuple[str, GraphQLError]]:
    for kind in (NESTING, DEPTH, INTROSPECTION):
        depth, node = shape.deepest.get(kind, (0, None))
        if depth > getattr(limits, kind):
            yield kind, limit_exceeded(kind, depth, getattr(limits, kind), **at_nodes(node))
    # The first fields of a fragment are root fields only if an operation spreads it at its root.
    for name in (*_SUMMED_COUNTS, *(("root_fields",) if shape.fragment is None else ())):
        count, maximum = getattr(shape.counts, name), getattr(limits, name)
        if count > maximum:
            yield name, limit_exceeded(name, count, maximum, **at_nodes(shape.definition))


def _check_repeats(measured: Sequence[DefinitionShape], limits: LimitSettings) -> Iterator[GraphQLError]:
    fragments = {shape.fragment: shape.definition for shape in measured if shape.fragment is not None}
    spread = {each.name for shape in measured for each in shape.spreads}
    # GraphQL's validation reports unused fragments, but it walks them first. So they must be small too.
    unused = [shape for shape in measured if shape.fragment is not None and shape.fragment not in spread]
    selections = sum(shape.counts.selections for shape in unused)
    if selections > limits.selections:
        yield limit_exceeded("selections", selections, limits.selections, **at_nodes(unused[0].definition))
        return
    operations = [shape for shape in measured if shape.fragment is None]
    for shape in (*operations, *unused):
        repeated = find_most_repeated(shape.definition.selection_set, fragments)
        if len(repeated) > limits.repeats:
            yield limit_exceeded("repeats", len(repeated), limits.repeats, **at_nodes(repeated[limits.repeats]))
            return


def _invalid(node: Node, message: str) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": ErrorCode.INVALID_INPUT.value})
