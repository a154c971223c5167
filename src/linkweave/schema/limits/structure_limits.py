"""Compares a parsed document with the limits that need no schema."""

from collections.abc import Iterator, Sequence
from typing import Final

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLError, Node, OperationDefinitionNode

from linkweave.errors import ErrorCode
from linkweave.schema.limits.document_shape import DEPTH, INTROSPECTION, NESTING, CircleError, Shape, shapes
from linkweave.schema.limits.duplicate_fields import most_repeated
from linkweave.schema.limits.limit_errors import on, refusal
from linkweave.settings import LimitSettings

_ADDING_UP: Final = ("selections", "aliases", "directives")
_CIRCULAR: Final = "The fragment {} spreads itself, directly or through others; take one of the spreads out."


def check_counts(document: DocumentNode, limits: LimitSettings) -> list[GraphQLError]:
    """Every limit that `document` is over, each told once; in an amount of work that grows with its length alone."""
    errors = list(_whole(document, limits))
    if errors:
        return errors
    try:
        counted = shapes(document)
    except CircleError as circle:
        return [_wrong(circle.spread.node, _CIRCULAR.format(circle))]
    told: dict[str, GraphQLError] = {}
    for shape in counted:
        for name, error in _over(shape, limits):
            told.setdefault(name, error)
    return list(told.values()) or list(_repeats(counted, limits))


def _whole(document: DocumentNode, limits: LimitSettings) -> Iterator[GraphQLError]:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    if len(operations) > limits.operations:
        yield refusal("operations", len(operations), limits.operations, **on(operations[limits.operations]))
    if len(fragments) > limits.fragments:
        yield refusal("fragments", len(fragments), limits.fragments, **on(fragments[limits.fragments]))
    for operation in operations:
        variables = operation.variable_definitions or ()
        if len(variables) > limits.variables:
            yield refusal("variables", len(variables), limits.variables, **on(variables[limits.variables]))
            return


def _over(shape: Shape, limits: LimitSettings) -> Iterator[tuple[str, GraphQLError]]:
    for kind in (NESTING, DEPTH, INTROSPECTION):
        depth, node = shape.deepest.get(kind, (0, None))
        if depth > getattr(limits, kind):
            yield kind, refusal(kind, depth, getattr(limits, kind), **on(node))
    # A fragment's own first fields are at the root only where it is spread there.
    for name in (*_ADDING_UP, *(("root_fields",) if shape.fragment is None else ())):
        count, most = getattr(shape.counts, name), getattr(limits, name)
        if count > most:
            yield name, refusal(name, count, most, **on(shape.definition))


def _repeats(counted: Sequence[Shape], limits: LimitSettings) -> Iterator[GraphQLError]:
    named = {shape.fragment: shape.definition for shape in counted if shape.fragment is not None}
    spread = {each.name for shape in counted for each in shape.spreads}
    # Fragments that nothing spreads are an error, but GraphQL's validation is to tell it, and walks them before.
    unused = [shape for shape in counted if shape.fragment is not None and shape.fragment not in spread]
    selections = sum(shape.counts.selections for shape in unused)
    if selections > limits.selections:
        yield refusal("selections", selections, limits.selections, **on(unused[0].definition))
        return
    operations = [shape for shape in counted if shape.fragment is None]
    for shape in (*operations, *unused):
        same = most_repeated(shape.definition.selection_set, named)
        if len(same) > limits.repeats:
            yield refusal("repeats", len(same), limits.repeats, **on(same[limits.repeats]))
            return


def _wrong(node: Node, message: str) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": ErrorCode.INVALID_INPUT.value})
