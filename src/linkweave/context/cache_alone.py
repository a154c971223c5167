"""Reads that the cache alone may answer: what it does not hold is not fetched."""

from linkweave.context.operation_context import OperationContext, current_operation, use_operation
from linkweave.context.scope import ContextScope


class NotCachedError(Exception):
    """The cache does not hold the answer. No call was made, so this says nothing about the vendor."""


def use_cache_alone() -> ContextScope[OperationContext, OperationContext]:
    """Raises NotCachedError in place of every call to a vendor inside a `with` block, and in tasks started there."""
    return use_operation(current_operation()._replace(cache_alone=True))


def is_cache_alone() -> bool:
    """Whether no call may be made."""
    return current_operation().cache_alone
