"""What an operation says to caches: how fresh an answer it needs, and how long its response may be stored.

The words are those of HTTP's Cache-Control: no-cache and min-fresh for what is read, no-store for the response.
"""

from datetime import datetime, timedelta

from linkweave.context.operation_context import OperationContext, current_operation, use_operation
from linkweave.context.scope import ContextScope
from linkweave.errors import VendorError
from linkweave.models.left_out import LeftOut


def record_read(
    account: str, at: datetime, fresh_until: datetime | None, stale_because: VendorError | None = None
) -> None:
    """Records an answer in the current `Freshness`, if there is one; see `Freshness.record`."""
    freshness = current_operation().freshness
    if freshness is not None:
        freshness.record(account, at, fresh_until, stale_because)


def record_left_out(account: str, left_out: LeftOut) -> None:
    """Records what could not be read of an answer in the current `Freshness`, if there is one."""
    freshness = current_operation().freshness
    if freshness is not None and left_out:
        freshness.record_left_out(account, left_out)


def forbid_storing() -> None:
    """Forbids storing the response, because a part of it is true only now."""
    freshness = current_operation().freshness
    if freshness is not None:
        freshness.forbid_storing()


def bypass_cache() -> ContextScope[OperationContext, OperationContext]:
    """Makes every read inside a `with` block fetch from the vendor, because a write depends on the answer."""
    return use_operation(current_operation()._replace(bypasses_cache=True))


def require_fresh_for(seconds: float) -> ContextScope[OperationContext, OperationContext]:
    """Makes reads inside a `with` block fetch again what expires within `seconds`, and wait for it."""
    return use_operation(current_operation()._replace(min_freshness=timedelta(seconds=seconds)))
