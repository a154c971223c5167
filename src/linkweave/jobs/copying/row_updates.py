"""Gives created links what their vendor takes only in an update. An update may be repeated: it sets the same values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from linkweave.catalog.jobs.jobs import JobRow, JobRowState
from linkweave.context.cache_control import bypass_cache
from linkweave.errors import ErrorCode, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.batches import map_concurrently
from linkweave.gather.writing.failures import Failure
from linkweave.gather.writing.update_links import UpdateCommand, UpdateResult, update_links
from linkweave.jobs.copying.patches import field_names
from linkweave.jobs.copying.row_results import ENDS_JOB, MAX_ATTEMPTS, TEMPORARY, RowResult, pause_seconds
from linkweave.models.changes import ALL_LINK_FIELDS, UNSET, LinkPatch

# After these, the same update may succeed. A link that was just created may be missing from the vendor's reads.
_MAY_PASS: Final = TEMPORARY | ENDS_JOB | {ErrorCode.RATE_LIMITED, ErrorCode.AMBIGUOUS, ErrorCode.NOT_FOUND}


@dataclass(frozen=True, slots=True)
class RowUpdate:
    """How far the update of a row's link came.

    `applied` are the fields that are set. `refused` says which the vendor certainly refused, and why. `failure` is why
    the others, which are in `missing`, are not set yet.
    """

    row: JobRow
    handle: str
    missing: LinkPatch
    applied: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()
    failure: Failure | None = None


async def update_rows(loaders: AccountLoaders, rows: Sequence[JobRow]) -> list[RowUpdate]:
    """Updates the links of `rows`, each of which has a handle and a patch. Returns one result per row, in order.

    After a certain refusal of one field, the others are set all the same.
    """
    begun = [RowUpdate(row, row.handle or "", row.patch or LinkPatch()) for row in rows]
    done = await _update(loaders, begun)
    return await map_concurrently(done, lambda each: _finish(loaders, each))


def update_result(update: RowUpdate, attempts: int) -> RowResult:
    """Returns the row after the attempt number `attempts` at its update."""
    row, failure = replace(update.row, handle=update.handle), update.failure
    if failure is not None:
        row = replace(row, state=JobRowState.CREATED, error=_message(update.missing, failure))
        if failure.code in ENDS_JOB:
            return RowResult(row, ends_job=failure.message)
        is_last = attempts >= MAX_ATTEMPTS and failure.code is not ErrorCode.RATE_LIMITED
        return RowResult(row, None if is_last else pause_seconds(failure, attempts))
    if row.patch is not None and row.short_url is not None and "slug" in update.applied:
        row = replace(row, short_url=f"{row.short_url.rpartition('/')[0]}/{row.patch.slug}")
    if update.refused:
        return RowResult(replace(row, state=JobRowState.FAILED, error="; ".join(update.refused)))
    return RowResult(replace(row, state=JobRowState.DONE, error=None))


async def _update(loaders: AccountLoaders, updates: Sequence[RowUpdate]) -> list[RowUpdate]:
    results = await update_links([UpdateCommand(loaders, each.handle, each.missing) for each in updates])
    return [_after(update, result) for update, result in zip(updates, results, strict=True)]


def _after(update: RowUpdate, result: UpdateResult) -> RowUpdate:
    missing = update.missing.only(update.missing.given() - result.applied)
    applied = update.applied | result.applied
    return replace(
        update, handle=result.handle, missing=missing, applied=applied, failure=next(iter(result.failures), None)
    )


async def _finish(loaders: AccountLoaders, update: RowUpdate) -> RowUpdate:
    """Goes on without each field that the vendor certainly refuses, until all others are set."""
    while (failure := update.failure) is not None and failure.code not in _MAY_PASS:
        fields = _refused_fields(failure, update.missing)
        if await _has_slug(loaders, update, failure):
            update = replace(update, applied=update.applied | fields)
        else:
            update = replace(update, refused=(*update.refused, _message(update.missing.only(fields), failure)))
        update = replace(update, missing=update.missing.only(update.missing.given() - fields), failure=None)
        if update.missing.given():
            (update,) = await _update(loaders, [update])
    return update


def _refused_fields(failure: Failure, missing: LinkPatch) -> frozenset[str]:
    """Returns the field that the vendor names; all where it names none."""
    return frozenset((failure.path or ())[:1]) & missing.given() or missing.given()


async def _has_slug(loaders: AccountLoaders, update: RowUpdate, failure: Failure) -> bool:
    """Whether the slug is taken by the link itself: an update whose answer was lost has set it."""
    slug = update.missing.slug
    if slug is UNSET or failure.code is not ErrorCode.CONFLICT or failure.path != ("slug",):
        return False
    try:
        with bypass_cache():
            link = await loaders.link(update.handle, ALL_LINK_FIELDS)
    except VendorError:
        return False
    return link is not None and link.slug == slug


def _message(missing: LinkPatch, failure: Failure) -> str:
    return f"the link was created without {', '.join(field_names(missing))}: {failure.message}"
