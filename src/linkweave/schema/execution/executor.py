"""Executes operations with graphql-core's executor, but reads plain fields directly from their objects."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, ValuesView
from typing import Any, Final

from graphql import FieldNode, GraphQLField, GraphQLList, GraphQLObjectType
from graphql.pyutils import Path

from linkweave.schema.execution.compiled.plans import DocumentPlans
from linkweave.schema.execution.compiled.run import Run
from linkweave.schema.execution.error_masking import MaskingExecutor
from linkweave.schema.execution.fast_fields import NOT_READABLE, fast_fields
from linkweave.schema.execution.resolve_info import ResolveInfo

# Number of items that are completed before other tasks run. Introspection needs up to a millisecond for each.
ITEMS_PER_TURN: Final = 5


class Executor(MaskingExecutor):
    """Executes an operation with its plan. Without `plans`, it reads plain fields directly from an object."""

    def __init__(self, *args: Any, plans: DocumentPlans | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans = plans
        self._turn = asyncio.Lock()

    def execute_root_grouped_field_set(
        self, root_type: GraphQLObjectType, root_value: Any, grouped_field_set: Any, *rest: Any
    ) -> Any:
        """Returns the answer's data, or an awaitable of it."""
        plan = None if self._plans is None else self._plans.find(self, root_type, grouped_field_set)
        if plan is None:
            return super().execute_root_grouped_field_set(root_type, root_value, grouped_field_set, *rest)
        return Run(self, plan.plain_classes).execute(plan.write, root_value)

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Returns the fields of an object, or an awaitable of them."""
        readers = fast_fields(parent_type).readers
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, fields in grouped_field_set.items():
            read = readers.get(fields[0].node.name.value)
            value = NOT_READABLE if read is None else read(source_value)
            if value is NOT_READABLE:
                others[name] = fields
            # A placeholder keeps the order of the fields if graphql-core executes this one.
            results[name] = value
        if not others:
            return results
        executed = super().execute_fields(parent_type, source_value, path, others, position_context)
        return results | executed if isinstance(executed, dict) else _complete(results, executed)

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: Any,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Returns the items of a list, or an awaitable of them. Other tasks run while a long list is completed."""
        is_long = isinstance(result, list | tuple | ValuesView) and len(result) > ITEMS_PER_TURN
        items = self._in_turns(result) if is_long else result
        return super().complete_list_value(return_type, field_details_list, info, path, items, position_context)

    async def _in_turns(self, items: Iterable[Any]) -> AsyncIterator[Any]:
        # Without the lock, all lists of an answer would go on at the same moment.
        for index, item in enumerate(items):
            if index % ITEMS_PER_TURN == 0:
                async with self._turn:
                    await asyncio.sleep(0)
            yield item

    def build_resolve_info(  # type: ignore[override] # a named tuple cannot have one more member than its base
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> ResolveInfo:
        """Returns graphql-core's info. Errors are added to those of the same part of the response."""
        return ResolveInfo(
            field_nodes[0].name.value,
            field_nodes,
            field_def.type,
            parent_type,
            path,
            self.schema,
            self.fragment_definitions,
            self.root_value,
            self.operation,
            self.variable_values.coerced,
            self.context_value,
            self.is_awaitable,
            self.abort_signal,
            self.async_helpers,
            self.operation_extensions,
            self.collected_errors.errors.append,
        )


async def _complete(results: dict[str, Any], others: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    return results | await others
