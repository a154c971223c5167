"""One context per operation and one per call: they reach the tasks that are started inside and no others."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import linkweave
from linkweave.context.account_trial import MAX_UNPROVEN
from linkweave.context.cache_control import bypass_cache, forbid_storing, record_read, require_fresh_for
from linkweave.context.call_context import CallContext, current_call, current_priority, use_call, use_priority
from linkweave.context.operation_context import OperationContext, current_operation, track_freshness, use_operation
from linkweave.context.operation_record import OperationRecord
from linkweave.context.priority import Priority
from linkweave.errors import UnavailableError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_all_sources_together_have_three_context_variables() -> None:
    """The operation, the call, and the number of tasks that are started at once."""
    sources = [path.read_text(encoding="utf-8") for path in Path(linkweave.__file__).parent.rglob("*.py")]
    assert sum(len(re.findall(r"\bContextVar\(", source)) for source in sources) == 3


async def test_a_context_reaches_the_tasks_that_are_started_inside_its_block_and_no_others() -> None:
    async def look() -> tuple[OperationContext, CallContext]:
        return current_operation(), current_call()

    operation, call = OperationContext(record=OperationRecord("id")), CallContext(send_by=1)
    with use_operation(operation) as inner_operation, use_call(call) as inner_call:
        inside = asyncio.create_task(look())
    outside = asyncio.create_task(look())
    assert (inner_operation, inner_call) == await inside == (operation, call)
    assert await outside == (OperationContext(), CallContext())


def test_a_block_that_fails_restores_the_context_around_it() -> None:
    with pytest.raises(ZeroDivisionError), use_operation(OperationContext(deadline=1)):
        raise ZeroDivisionError
    assert current_operation() == OperationContext()


def test_what_a_part_of_an_operation_adds_to_the_context_leaves_the_rest_as_it_is() -> None:
    record = OperationRecord("id")
    with use_operation(OperationContext(record=record)):
        with bypass_cache(), require_fresh_for(5):
            assert current_operation() == OperationContext(
                record=record, bypasses_cache=True, min_freshness=timedelta(seconds=5)
            )
        assert current_operation() == OperationContext(record=record)


def test_the_slot_of_a_call_stays_with_it_when_its_priority_is_set() -> None:
    with use_call(CallContext(send_by=1)), use_priority(Priority(background=True)):
        assert (current_call().send_by, current_priority().background) == (1, True)
    assert not current_priority().background


def test_an_operation_has_one_trial_per_account_and_none_outside_of_it_holds_a_call_up() -> None:
    operation = OperationContext(trials={})
    operation.trial("main").failed = MAX_UNPROVEN
    assert (operation.trial("main").exhausted, operation.trial("other").exhausted) == (True, False)
    outside = OperationContext().trial("main")
    outside.failed = MAX_UNPROVEN
    assert (outside.exhausted, outside.may_call) == (False, True)


def test_the_scopes_around_a_read_all_record_it() -> None:
    error = UnavailableError("no", account="main", operation="list links")
    with track_freshness() as outer:
        record_read("other", NOON, NOON + timedelta(seconds=60))
        with track_freshness() as inner:
            record_read("main", NOON - timedelta(seconds=5), NOON + timedelta(seconds=10), error)
    assert (inner.accounts, inner.oldest) == ({"main"}, NOON - timedelta(seconds=5))
    assert (outer.accounts, outer.oldest) == ({"main", "other"}, NOON - timedelta(seconds=5))
    assert inner.fresh_until == outer.fresh_until == NOON + timedelta(seconds=10)
    assert inner.stale == outer.stale == {"main": error}
    assert (inner.storable, outer.storable) == (True, True)


@pytest.mark.parametrize("forbid", [forbid_storing, lambda: record_read("main", NOON, None)])
def test_one_read_that_must_not_be_stored_forbids_storing_in_all_scopes_around_it(forbid: Callable[[], None]) -> None:
    with track_freshness() as outer, track_freshness() as inner:
        forbid()
    assert (inner.storable, outer.storable) == (False, False)


def test_a_read_outside_of_scopes_is_recorded_nowhere() -> None:
    record_read("main", NOON, NOON)
    forbid_storing()
    assert current_operation().freshness is None
