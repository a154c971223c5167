"""Plans of objects: one for each object type and selection."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_nullable_type,
    is_list_type,
    is_object_type,
    is_required_argument,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, GroupedFieldSet, collect_subfields
from graphql.execution.executor import invalid_return_type_error
from graphql.execution.values import VariableValues
from strawberry.types.base import StrawberryObjectDefinition

from linkweave.schema.execution.compiled.completion import Completer, Completers
from linkweave.schema.execution.compiled.places import Place, Position, new_place
from linkweave.schema.execution.compiled.run import Run, Writer
from linkweave.schema.execution.fast_fields import NOT_READABLE, Leaf, fast_fields

# Returns what the resolver of a field returns.
Call = Callable[[Run, Any, Place], Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the plans of an operation are made from. `variable_values` are only those of @skip and @include."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDetails]
    node: OperationDefinitionNode
    variable_values: VariableValues
    hide_suggestions: bool

    def collect(self, kind: GraphQLObjectType, selected: list[FieldDetails]) -> GroupedFieldSet:
        """Returns the fields that are selected in an object."""
        values = self.variable_values
        args = self.schema, self.fragments, values, self.node, kind, selected, self.hide_suggestions
        return collect_subfields(*args).grouped_field_set


class FieldPlan(Position):
    """Writes one field. `key` is its name in the answer."""

    __slots__ = ("call", "key")

    def __init__(
        self,
        key: str,
        type_name: str,
        nodes: Sequence[FieldNode],
        kind: GraphQLOutputType,
        call: Call,
        complete: Completer,
    ) -> None:
        super().__init__(type_name, nodes, kind, complete)
        self.key = key
        self.call = call

    def write(self, run: Run, source: Any, container: dict[str, Any], parent: Place | None) -> Any:
        """Returns the value of the field. It is None while the value waits for a vendor.

        Raises:
            FieldFailedError: The field has no value, and null may not stand here.
        """
        place = new_place(Place, (parent, container, self.key, self))
        try:
            value = self.call(run, source, place)
            if value.__class__ in run.plain_classes or not run.must_wait(value, place):
                return self.complete(run, value, place)
        except Exception as error:  # noqa: BLE001 - every error of a field becomes one in the answer
            run.failures.handle(error, place)
        return None


class LeafPlan:
    """Writes a scalar or an enum that needs nothing but its object. Few of them ever need a FieldPlan, made by `make`.

    `key` is its name in the answer. The other attributes are those of a Leaf.
    """

    __slots__ = ("_make", "_plan", "convert", "key", "own_class", "read")

    def __init__(self, key: str, leaf: Leaf, make: Callable[[], FieldPlan]) -> None:
        self.key = key
        self.read = leaf.read
        self.own_class = leaf.own_class
        self.convert = leaf.convert
        self._make = make
        self._plan: FieldPlan | None = None

    def write(self, run: Run, value: Any, container: dict[str, Any], parent: Place | None) -> Any:
        """Returns what `read` has returned as the answer has it. It is None while the value waits for a vendor.

        Raises:
            FieldFailedError: The field has no value, and null may not stand here.
        """
        converted = self.convert(value)
        if converted is not NOT_READABLE:
            return converted
        place = self._place(container, parent)
        try:
            if not run.must_wait(value, place):
                return place.position.complete(run, value, place)
        except Exception as error:  # noqa: BLE001 - every error of a field becomes one in the answer
            run.failures.handle(error, place)
        return None

    def fail(self, run: Run, error: Exception, container: dict[str, Any], parent: Place | None) -> None:
        """Records that `read` has raised `error`.

        Raises:
            FieldFailedError: Null may not stand here.
        """
        run.failures.handle(error, self._place(container, parent))

    def _place(self, container: dict[str, Any], parent: Place | None) -> Place:
        self._plan = self._plan or self._make()
        return Place(parent, container, self.key, self._plan)


class ObjectPlan:
    """Writes the objects of one type for one selection. It is made when the first object is written."""

    __slots__ = ("_make", "write")

    def __init__(self, make: Callable[[], Writer]) -> None:
        self._make = make
        self.write: Writer = self._write_first

    def _write_first(self, run: Run, source: Any, place: Place | None) -> dict[str, Any]:
        self.write = self._make()
        return self.write(run, source, place)


class OncePlan:
    """Writes an object once, and puts the result at all its places in the answer."""

    __slots__ = ("_plan",)

    def __init__(self, plan: ObjectPlan) -> None:
        self._plan = plan

    def write(self, run: Run, source: Any, place: Place) -> dict[str, Any]:
        """Returns the written object."""
        entities = run.entities
        answer = entities.find(self, source, place)
        if answer is None:
            entity = entities.open(self, source, place)
            answer = entity.answer = self._plan.write(run, source, place)
        return answer


def object_writer(operation: Operation, kind: GraphQLObjectType, fields: GroupedFieldSet, *, repeated: bool) -> Writer:
    """Returns the function that writes `fields` of an object. `repeated` says that the object is below a list."""
    leaves = {**fast_fields(kind).leaves, "__typename": Leaf(lambda _: kind.name, str, lambda _: NOT_READABLE)}
    plans: list[tuple[str, LeafPlan | None, Any, Any]] = []
    for key, selected in fields.items():
        name = selected[0].node.name.value
        definition = operation.schema.get_field(kind, name)
        if definition is not None:
            make = partial(_field_plan, operation, kind, key, definition, selected, repeated=repeated)
            leaf = LeafPlan(key, leaves[name], make) if name in leaves else None
            plans.append((key, leaf, leaf.read, leaf.own_class) if leaf else (key, None, make().write, None))

    def write(run: Run, source: Any, place: Place | None) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for key, leaf, read, own_class in plans:
            if leaf is None:
                answer[key] = read(run, source, answer, place)
                continue
            try:
                value = read(source)
            except Exception as error:  # noqa: BLE001 - every error of a field becomes one in the answer
                answer[key] = None
                leaf.fail(run, error, answer, place)
                continue
            answer[key] = value if value.__class__ is own_class else leaf.write(run, value, answer, place)
        return answer

    return write


def _field_plan(
    operation: Operation,
    parent: GraphQLObjectType,
    key: str,
    definition: GraphQLField,
    selected: list[FieldDetails],
    *,
    repeated: bool,
) -> FieldPlan:
    node = selected[0].node
    nodes = [each.node for each in selected]
    objects = _Objects(operation, definition, parent, selected, repeated=repeated)
    completers = Completers(nodes, f"{parent}.{node.name.value}", objects.completer)
    call = _call(parent, definition, node)
    return FieldPlan(key, parent.name, nodes, definition.type, call, completers.of(definition.type))


def _call(parent: GraphQLObjectType, definition: GraphQLField, node: FieldNode) -> Call:
    resolve_source = fast_fields(parent).resolvers.get(node.name.value)
    required = any(is_required_argument(argument) for argument in definition.args.values())
    if resolve_source is not None and not (node.arguments or required):
        return lambda _, source, __: resolve_source(source)
    resolve: Any = definition.resolve
    if not node.arguments and not definition.args:
        return lambda run, source, place: resolve(source, run.info(definition, parent, place))
    return lambda run, source, place: resolve(
        source, run.info(definition, parent, place), **run.arguments(definition, place)
    )


class _Objects:
    """Makes the functions that complete the objects of one field."""

    def __init__(
        self,
        operation: Operation,
        definition: GraphQLField,
        parent: GraphQLObjectType,
        selected: list[FieldDetails],
        *,
        repeated: bool,
    ) -> None:
        self._operation = operation
        self._definition = definition
        self._parent = parent
        self._selected = selected
        self._shared = repeated
        self._repeated = repeated or is_list_type(get_nullable_type(definition.type))

    def completer(self, kind: GraphQLOutputType, null_message: str | None) -> Completer:
        """Returns the function for objects of a type, which is an abstract one or an object type.

        Of an object type, it raises `null_message` for null, if there is one.
        """
        if is_object_type(kind):
            return self._concrete(kind, null_message)
        return self._abstract(cast("GraphQLAbstractType", kind))

    def _concrete(self, kind: GraphQLObjectType, null_message: str | None = None) -> Completer:
        plan, own_class, selected = self._plan(kind), type_class(kind), self._selected
        is_type_of: Any = kind.is_type_of
        writer = OncePlan(plan) if self._shared and has_own_id(kind) else plan

        def complete(run: Run, value: Any, place: Place) -> dict[str, Any] | None:
            if value.__class__ is not own_class:
                if value is None or value is Undefined:
                    if null_message is not None:
                        raise TypeError(null_message)
                    return None
                if is_type_of is not None and not is_type_of(value, None):
                    raise invalid_return_type_error(kind, value, selected)
            return writer.write(run, value, place)

        return complete

    def _abstract(self, kind: GraphQLAbstractType) -> Completer:
        completers: dict[str, Completer] = {}

        def complete(run: Run, value: Any, place: Place) -> Any:
            if value is None or value is Undefined:
                return None
            runtime = run.runtime_type(kind, self._definition, self._parent, value, place, self._selected)
            if runtime.name not in completers:
                completers[runtime.name] = self._concrete(runtime)
            return completers[runtime.name](run, value, place)

        return complete

    def _plan(self, kind: GraphQLObjectType) -> ObjectPlan:
        def make() -> Writer:
            fields = self._operation.collect(kind, self._selected)
            return object_writer(self._operation, kind, fields, repeated=self._repeated)

        return ObjectPlan(make)


def type_class(kind: GraphQLObjectType) -> type | None:
    """Returns the class that Strawberry made `kind` from."""
    definition = kind.extensions.get("strawberry-definition")
    return definition.origin if isinstance(definition, StrawberryObjectDefinition) else None


def has_own_id(kind: GraphQLObjectType) -> bool:
    """Returns whether objects with the same attributes, among them an ID, are the same object."""
    own_class: Any = type_class(kind)
    return "id" in fast_fields(kind).readers and "id" in getattr(own_class, "__dataclass_fields__", ())
