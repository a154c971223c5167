"""Bulk jobs: TinyURL takes many writes with one call, works them off by itself, and reports on each of them (DOC)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from linkweave.context.deadline import remaining_seconds
from linkweave.errors import AmbiguousError, UnavailableError, VendorError
from linkweave.providers.base import Adapter
from linkweave.providers.tinyurl.inferred import POLL_SECONDS
from linkweave.providers.tinyurl.input_checks import DEFAULT_DOMAIN
from linkweave.providers.tinyurl.refusals import refusal_of_item
from linkweave.providers.tinyurl.wire import JobAnswer, ReportAnswer, ReportRow
from linkweave.transport.call import MEGABYTE, Call
from linkweave.transport.call_memo import forget_calls

_PROCESSED: Final = 2
_SUCCESS: Final = "success"
_MAX_BYTES: Final = 4 * MEGABYTE


class BulkJobs(Adapter):
    """What several writes share."""

    async def run_job(
        self, operation: str, items: Sequence[Mapping[str, object]]
    ) -> tuple[list[ReportRow | VendorError], datetime]:
        """Make the writes of `items` with one job; for each what the report says, and when it was read.

        Raises:
            AmbiguousError: the job may have been taken, or did not end in time.
            ForbiddenError: the token has no permission for jobs. Nothing was written.
            VendorError: nothing was written.
        """
        domain = self.settings.home_domain or DEFAULT_DOMAIN
        # The report has no order. `metadata` comes back with each item (DOC).
        body = {"domain": domain, "items": [{**item, "metadata": str(place)} for place, item in enumerate(items)]}
        taken, _ = await self.fetch(JobAnswer, Call(operation, "POST", "/bulk", json=body, writes=True))
        path = f"/bulk/{taken.data.id}"
        # A write, so that no read from the time of the job stays in the cache.
        report = Call(operation, "GET", f"{path}/report", max_bytes=_MAX_BYTES, writes=True)
        try:
            await self._wait_for(path, operation)
            answer, fetched = await self.fetch(ReportAnswer, report)
        except VendorError as error:
            problem = f"took the writes as bulk job {taken.data.id}, whose end is not known; each may have been made"
            raise self.error(AmbiguousError, problem, operation) from error
        rows = {str(row.metadata): row for row in answer.data}
        return [self._outcome(rows.get(str(place)), report) for place in range(len(items))], fetched.at

    async def _wait_for(self, path: str, operation: str) -> None:
        for pause in POLL_SECONDS:
            left = remaining_seconds(self.clock)
            if left is not None and left <= pause:
                break
            await self.clock.sleep(pause)
            # Else the operation would get its first answer again.
            forget_calls(self.account)
            answer, _ = await self.fetch(JobAnswer, Call(operation, "GET", f"{path}/status"))
            if answer.data.status == _PROCESSED:
                return
        raise self.error(UnavailableError, "did not end the job in time", operation)

    def _outcome(self, row: ReportRow | None, call: Call) -> ReportRow | VendorError:
        if row is None:
            return self.bad_response(call, "does not report on this item")
        return row if row.status == _SUCCESS else self.refusal_error(refusal_of_item(row.comment), call)
