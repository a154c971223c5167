"""What the result of a create means for the row of its job."""

from dataclasses import dataclass, replace
from typing import Final

from linkweave.catalog.jobs.jobs import JobRow, JobRowState
from linkweave.errors import ErrorCode
from linkweave.gather.lookup.existing_links import normalise_destination
from linkweave.gather.writing.create_links import CreateResult
from linkweave.gather.writing.failures import Failure
from linkweave.models import Link

# Attempts at a row after which it is left as it is. Refusals because of a vendor's rate do not count.
MAX_ATTEMPTS: Final = 8
_MAX_PAUSE_SECONDS: Final = 60.0
_KEY_NOT_STORED: Final = ("idempotency_key",)
# After these it is certain that no link was created, and a later attempt may succeed.
TEMPORARY: Final = frozenset({ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT})
# After these no other row can succeed either.
ENDS_JOB: Final = frozenset({ErrorCode.QUOTA_EXHAUSTED, ErrorCode.UNAUTHENTICATED})


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row after an attempt.

    `again_in` is the number of seconds after which it is tried again; None for a row that has ended. `ends_job` is why
    the whole job cannot go on.
    """

    row: JobRow
    again_in: float | None = None
    ends_job: str | None = None


def row_result(row: JobRow, result: CreateResult, attempts: int) -> RowResult:
    """Returns `row` after the attempt number `attempts`, whose result is `result`."""
    if result.written is not None:
        return _created(row, result.written.link)
    failure = result.failures[0]
    existing = failure.existing
    if existing is not None and failure.code is ErrorCode.CONFLICT and _is_copy(row, existing):
        return _created(row, existing)
    return _after_failure(replace(row, error=failure.message), failure, attempts)


def _created(row: JobRow, link: Link) -> RowResult:
    """Returns the row whose link exists. With a patch, it goes on at once."""
    found = replace(row, short_url=link.short_url, handle=link.handle, error=None)
    if row.patch is None:
        return RowResult(replace(found, state=JobRowState.DONE))
    return RowResult(replace(found, state=JobRowState.CREATED), again_in=0.0)


def _after_failure(row: JobRow, failure: Failure, attempts: int) -> RowResult:
    if failure.code in ENDS_JOB:
        return RowResult(replace(row, state=JobRowState.WAITING), ends_job=failure.message)
    may_try = attempts < MAX_ATTEMPTS
    if failure.code is ErrorCode.AMBIGUOUS:
        return RowResult(
            replace(row, state=JobRowState.AMBIGUOUS), pause_seconds(failure, attempts) if may_try else None
        )
    if failure.code is ErrorCode.RATE_LIMITED or (failure.code in TEMPORARY and may_try):
        return RowResult(replace(row, state=JobRowState.WAITING), pause_seconds(failure, attempts))
    return RowResult(replace(row, state=JobRowState.FAILED))


def key_not_stored(result: CreateResult) -> bool:
    """Whether no vendor was called because the database could not store the row's claim."""
    return any(each.code is ErrorCode.UNAVAILABLE and each.path == _KEY_NOT_STORED for each in result.failures)


def _is_copy(row: JobRow, link: Link) -> bool:
    """Whether a link that is in the way is what the row asks for. With the slug of the row, it is."""
    same = normalise_destination(link.destination) == normalise_destination(row.target.destination)
    return same and row.target.slug is not None and link.slug == row.target.slug


def pause_seconds(failure: Failure, attempts: int) -> float:
    """Returns the seconds before the next attempt at a row that has failed `attempts` times."""
    backoff = min(2.0 ** min(attempts, 10), _MAX_PAUSE_SECONDS)
    return backoff if failure.retry_after is None else max(failure.retry_after, 1.0)
