"""What the numbers of one account cover, and why some are missing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from linkweave.accounts import Account
from linkweave.errors import VendorError
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.sources import SourceStatus, is_unsupported
from linkweave.gather.statistics.account_part import AccountPart
from linkweave.gather.statistics.counted_links import IncompleteAccount
from linkweave.gather.statistics.totals import covered
from linkweave.models import BOT_TOTALS, TOTALS_OF, Capability, Measure, Period
from linkweave.providers.read_capabilities import CanReadStats


class MeasuredBy(Enum):
    """Who measured clicks: the vendor, or the gateway by the difference of two readings of a whole-life total."""

    VENDOR = "VENDOR"
    GATEWAY = "GATEWAY"


@dataclass(frozen=True, slots=True)
class StatsSource:
    """What the numbers of one account cover. `as_of` is when the catalog had read them, where they come from it."""

    account: Account
    status: SourceStatus
    measures: frozenset[Measure]
    error: VendorError | None = None
    bots_excluded: bool | None = None
    time_zone: str | None = None
    covered: Period | None = None
    truncated: bool = False
    fetched_at: datetime | None = None
    notice: str | None = None
    measured_by: MeasuredBy | None = None
    as_of: datetime | None = None


def source_of(
    account: Account,
    parts: Sequence[AccountPart],
    measures: Collection[Measure],
    incomplete: IncompleteAccount | None,
) -> StatsSource:
    """Returns the source of an account with the `parts` and `measures` that were read."""
    adapter = account.adapter
    if not isinstance(adapter, CanReadStats):
        error: VendorError = unsupported_capability(account, Capability.LINK_STATS)
        return StatsSource(account, SourceStatus.UNSUPPORTED, frozenset(), error)
    reports = [report for part in parts for report in part.reports]
    stale = next((each.stale_because for each in reports if isinstance(each.stale_because, VendorError)), None)
    missing = None if incomplete is None else incomplete.error
    failure, absence = _problems(parts, measures)
    failure = failure or (None if is_unsupported(missing) else missing)
    absence = missing if is_unsupported(missing) else absence
    status = _status(failure, absence, told=bool(reports), cut=incomplete is not None)
    if status is SourceStatus.OK and stale is not None:
        status = SourceStatus.STALE
    truncated = any(part.truncated for part in parts)
    if truncated and status in {SourceStatus.OK, SourceStatus.STALE}:
        status = SourceStatus.PARTIAL
    return StatsSource(
        account,
        status,
        adapter.measures,
        failure or absence or stale,
        adapter.bots_excluded,
        adapter.time_zone,
        covered(reports),
        truncated,
        min((report.fetched_at for report in reports), default=None),
        None if incomplete is None or missing is not None else incomplete.reason,
        measured_by(each.is_observed for each in reports),
        min((each.as_of for each in reports if each.as_of is not None), default=None),
    )


def measured_by(observed: Iterable[bool]) -> MeasuredBy | None:
    """Returns who measured the clicks of several links; None of no link."""
    each = list(observed)
    if not each:
        return None
    return MeasuredBy.GATEWAY if any(each) else MeasuredBy.VENDOR


def _problems(
    parts: Sequence[AccountPart], measures: Collection[Measure]
) -> tuple[VendorError | None, VendorError | None]:
    """The first failure of the links that are counted, and the first reason why the account does not tell a number."""
    counted = ((part, each) for part in parts for each in measures if TOTALS_OF[each] == part.part)
    totals = [part.total(each) for part, each in counted if each in part.measures]
    unlisted = {id(part.missing) for part in parts}
    failures = [part.failure for part in parts] + [each.failure for each in totals if id(each.failure) not in unlisted]
    # `counts` of the source says which measures the account counts.
    uncounted = (part for part in parts if part.part != BOT_TOTALS or Measure.BOT_CLICKS in part.measures)
    absences = [part.absence for part in uncounted] + [each.absence for each in totals]
    failure = next((each for each in failures if each is not None), None)
    return failure, next((each for each in absences if each is not None), None)


def _status(failure: VendorError | None, absence: VendorError | None, *, told: bool, cut: bool) -> SourceStatus:
    if failure is not None and not told:
        return SourceStatus.UNSUPPORTED if is_unsupported(failure) else SourceStatus.FAILED
    if absence is not None and not told:
        return SourceStatus.UNSUPPORTED
    return SourceStatus.PARTIAL if failure or absence or cut else SourceStatus.OK
