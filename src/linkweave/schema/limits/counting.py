"""Compares a parsed document with the limits that need no schema."""

from collections.abc import Iterator, Sequence
from typing import Final

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLError, Node, OperationDefinitionNode

from linkweave.errors import ErrorCode
from linkweave.schema.limits.refusals import on, refusal
from linkweave.schema.limits.repeats import most_repeated
from linkweave.schema.limits.shape import DEPTH, INTROSPECTION, NESTING, CircleError, Shape, shapes
from linkweave.settings import LimitSettings

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
    return list(told.values()) or list(_unused(counted)) or list(_repeats(document, limits))


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
    for name in ("selections", "root_fields", "aliases", "directives"):
        count, most = getattr(shape.counts, name), getattr(limits, name)
        if count > most:
            yield name, refusal(name, count, most, **on(shape.definition))


def _unused(counted: Sequence[Shape]) -> Iterator[GraphQLError]:
    """Fragments that nothing spreads: told here, since whatever follows looks only at what operations come to."""
    spread = {each.name for shape in counted for each in shape.spreads}
    for shape in counted:
        definition = shape.definition
        if isinstance(definition, FragmentDefinitionNode) and definition.name.value not in spread:
            yield _wrong(definition, f"The fragment {definition.name.value} is never spread; take it out.")


def _repeats(document: DocumentNode, limits: LimitSettings) -> Iterator[GraphQLError]:
    named = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            same = most_repeated(definition.selection_set, named)
            if len(same) > limits.repeats:
                yield refusal("repeats", len(same), limits.repeats, **on(same[limits.repeats]))
                return


def _wrong(node: Node, message: str) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": ErrorCode.INVALID_INPUT.value})
