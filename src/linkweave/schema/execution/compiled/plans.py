"""The plans of one document."""

from dataclasses import dataclass, field
from typing import Any, Final

from graphql import GraphQLObjectType, Undefined
from graphql.execution.collect_fields import GroupedFieldSet
from graphql.execution.values import VariableValues

from linkweave.schema.execution.compiled.objects import Operation, object_writer
from linkweave.schema.execution.compiled.rules import OperationFacts
from linkweave.schema.execution.compiled.run import PLAIN_CLASSES, Writer
from linkweave.schema.execution.error_masking import MaskingExecutor

# Maximum number of plans of one document. Each combination of the variables of @skip and @include has one.
MAX_PLANS: Final = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """Writes the root of an operation. `plain_classes` are those of a `Run`."""

    write: Writer
    plain_classes: set[type] = field(default_factory=lambda: set(PLAIN_CLASSES))


class DocumentPlans:
    """Makes the plans of one document, and keeps them."""

    def __init__(self) -> None:
        self._facts: dict[int, OperationFacts] = {}
        self._plans: dict[tuple[Any, ...], Plan] = {}

    @property
    def is_new(self) -> bool:
        """Whether no operation of the document has been executed."""
        return not self._facts

    def find(self, executor: MaskingExecutor, root: GraphQLObjectType, fields: GroupedFieldSet) -> Plan | None:
        """Returns the plan of the executor's operation, whose root fields are `fields`. None if it has no plan."""
        # Documents of one shape have operations of their own, with the same selection.
        operation, selection = executor.operation, id(executor.operation.selection_set)
        facts = self._facts.get(selection)
        if facts is None:
            fragments = executor.fragment_definitions.values()
            facts = self._facts[selection] = OperationFacts.of(executor.schema, operation, fragments)
        if not facts.has_plan:
            return None
        values = _only(executor.variable_values, facts.condition_variables)
        key = selection, *(values.coerced.get(name, Undefined) for name in facts.condition_variables)
        plan = self._plans.get(key)
        if plan is None:
            plan = Plan(object_writer(_operation(executor, values), root, fields, repeated=False))
            if len(self._plans) < MAX_PLANS:
                self._plans[key] = plan
        return plan


def _operation(executor: MaskingExecutor, values: VariableValues) -> Operation:
    return Operation(executor.schema, executor.fragments, executor.operation, values, executor.hide_suggestions)


def _only(values: VariableValues, names: tuple[str, ...]) -> VariableValues:
    """Returns the values with these names: a plan must not keep the other values of a caller."""
    return VariableValues(
        {name: values.sources[name] for name in names if name in values.sources},
        {name: values.coerced[name] for name in names if name in values.coerced},
    )
