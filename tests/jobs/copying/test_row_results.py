from dataclasses import replace
from typing import Any, cast

import pytest

from harness.emulators import NOW
from linkweave.catalog.jobs.jobs import JobRow, JobRowState
from linkweave.errors import ErrorCode
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.create_links import CreateResult
from linkweave.gather.writing.failures import Failure
from linkweave.jobs.copying.row_results import MAX_ATTEMPTS, RowResult, key_not_stored, row_result
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink, WrittenLink

ROW = JobRow(3, JobRowState.STARTED, "p:3", "https://s/3", NewLink("https://example.com/a", slug="a"), error="before")
MADE = Link("h", "https://t/a", "a", "https://example.com/a", NOW)
NOWHERE = cast("AccountLoaders", None)


def after(attempts: int = 1, **failure: Any) -> RowResult:
    failed = Failure(**{"code": ErrorCode.REJECTED, "message": "no", **failure})
    return row_result(ROW, CreateResult(NOWHERE, None, (failed,)), attempts)


def test_a_created_link_ends_its_row() -> None:
    written = CreateResult(NOWHERE, WrittenLink(MADE, ALL_LINK_FIELDS))
    done = replace(ROW, state=JobRowState.DONE, short_url="https://t/a", handle="h", error=None)
    assert row_result(ROW, written, 1) == RowResult(done)


@pytest.mark.parametrize(
    ("existing", "state"),
    [
        (MADE, JobRowState.DONE),
        (replace(MADE, destination="https://EXAMPLE.com/a"), JobRowState.DONE),
        (replace(MADE, destination="https://example.com/b"), JobRowState.FAILED),
        (replace(MADE, slug="b"), JobRowState.FAILED),
        (None, JobRowState.FAILED),
    ],
)
def test_a_link_in_the_way_ends_its_row_well_if_it_is_what_the_row_asks_for(
    existing: Link | None, state: JobRowState
) -> None:
    result = after(code=ErrorCode.CONFLICT, existing=existing)
    assert (result.row.state, result.again_in, result.ends_job) == (state, None, None)


@pytest.mark.parametrize(
    ("code", "retry_after", "attempts", "state", "again_in"),
    [
        (ErrorCode.UNAVAILABLE, None, 1, JobRowState.WAITING, 2),
        (ErrorCode.TIMEOUT, None, 3, JobRowState.WAITING, 8),
        (ErrorCode.UNAVAILABLE, None, MAX_ATTEMPTS, JobRowState.FAILED, None),
        (ErrorCode.RATE_LIMITED, 17.0, MAX_ATTEMPTS, JobRowState.WAITING, 17),
        (ErrorCode.RATE_LIMITED, None, 5_000, JobRowState.WAITING, 60),
        (ErrorCode.RATE_LIMITED, 0.0, 1, JobRowState.WAITING, 1),
        (ErrorCode.AMBIGUOUS, 600.0, 1, JobRowState.AMBIGUOUS, 600),
        (ErrorCode.AMBIGUOUS, None, MAX_ATTEMPTS, JobRowState.AMBIGUOUS, None),
        (ErrorCode.REJECTED, None, 1, JobRowState.FAILED, None),
        (ErrorCode.PLAN_REQUIRED, None, 1, JobRowState.FAILED, None),
    ],
)
def test_a_failure_that_may_pass_is_tried_again_and_any_other_ends_the_row(
    code: ErrorCode, retry_after: float | None, attempts: int, state: JobRowState, again_in: float | None
) -> None:
    result = after(attempts, code=code, retry_after=retry_after)
    assert (result.row.state, result.row.error, result.again_in, result.ends_job) == (state, "no", again_in, None)


@pytest.mark.parametrize("code", [ErrorCode.QUOTA_EXHAUSTED, ErrorCode.UNAUTHENTICATED])
def test_a_failure_of_the_whole_account_ends_the_job_and_leaves_the_row_to_the_next_start(code: ErrorCode) -> None:
    result = after(code=code)
    assert (result.row.state, result.again_in, result.ends_job) == (JobRowState.WAITING, None, "no")


def test_a_claim_that_could_not_be_stored_is_told_from_a_vendor_that_is_unavailable() -> None:
    failures = [Failure(ErrorCode.UNAVAILABLE, "no", path) for path in (("idempotency_key",), None)]
    assert [key_not_stored(CreateResult(NOWHERE, None, (each,))) for each in failures] == [True, False]
