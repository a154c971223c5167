"""Reads Cutt.ly's links and their clicks: one call returns both."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from linkweave.errors import PlanRequiredError, VendorError
from linkweave.models import Link, Period, StatsPart, StatsReport
from linkweave.providers.base import Adapter
from linkweave.providers.cuttly.handles import handle_for, is_handle, short_url_of, split_handle
from linkweave.providers.cuttly.refusals import PLAN_LACKS_IT, regular_refusal
from linkweave.providers.cuttly.settings import CuttlySettings
from linkweave.providers.cuttly.statistics import stats_report
from linkweave.providers.cuttly.wire import StatsAnswer, StatusAnswer
from linkweave.providers.short_urls import escaped_short_url
from linkweave.providers.single_reads import get_singly
from linkweave.transport.cache.parsed_content import Parser
from linkweave.transport.call import Call, Pairs
from linkweave.transport.lifetimes import Resource

BUCKET: Final = "api"

# The gateway's own default range: the last 30 days, today included.
_DEFAULT_DAYS: Final = 30
# DOC: values of `stats.status`; 2 is an invalid key.
_ABSENT: Final = 0
_PRESENT: Final = 1
_READ_STATISTICS: Final = "read statistics"


class FetchedStats(NamedTuple):
    """The vendor's answer about one link, and its clicks as a report."""

    answer: StatsAnswer
    report: StatsReport


class LinkReader(Adapter):
    """GET_LINK and LINK_STATS."""

    settings: CuttlySettings

    async def get_links(
        self,
        handles: Sequence[str],
        fields: frozenset[str],
    ) -> Mapping[str, Link | VendorError]:
        """The links that exist, one call each, at the same time.

        Each has its clicks: those of the last 30 days if `stats` is among the fields, else those of its whole life.
        """
        read = self._read_link_with_days if "stats" in fields else self._read_link
        return await get_singly([handle for handle in handles if is_handle(handle)], read)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link behind https://`domain`/`slug`; no call is made for a domain that the settings do not name.

        Raises:
            VendorError: the link could not be read.
        """
        handle = handle_for(domain, slug)
        if handle is None or split_handle(handle)[0] not in self.settings.domains:
            return None
        found = (await self.get_links([handle], fields)).get(handle)
        if isinstance(found, VendorError):
            raise found
        return found

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """The clicks that came with `link` where they are of `period`, else those of one call.

        Raises:
            NotFoundError: the vendor does not have the link.
            PlanRequiredError: the subscription does not include statistics of a period.
            VendorError: the clicks could not be read.
        """
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        found = None
        if is_handle(handle):
            found = await self.fetch_stats(_READ_STATISTICS, handle, period, Resource.STATISTICS)
        if found is None:
            raise self.not_found(_READ_STATISTICS)
        return found.report

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:  # noqa: ARG002 - one call returns all parts
        """The clicks that came with `link`, where they are of `period`."""
        return link.included if link.included is not None and link.included.covered == period else None

    async def fetch_stats(
        self, operation: str, handle: str, period: Period | None, reads: Resource | None
    ) -> FetchedStats | None:
        """One link with its clicks of `period`, or of its whole life; None where the vendor has no such link.

        Without `reads` the answer is not taken from the cache.

        Raises:
            VendorError: the vendor refused the call, or its answer is unreadable.
        """
        dates: Pairs = ()
        if period is not None:
            dates = (("date_from", period.start.isoformat()), ("date_to", period.end.isoformat()))
        query = (("action", "stats"), ("url", short_url_of(handle)), *dates)
        call = Call(operation, "GET", "", query, bucket=BUCKET, reads=reads, found=_has_link)
        parser = Parser(StatsAnswer, lambda data, _: self._parse_stats(data, call))
        fetched = await self.client.fetch(call, parser)
        answer = fetched.parse(parser)
        if answer is None:
            return None
        return FetchedStats(
            answer, stats_report(answer, period, fetched.at, lambda problem: self.bad_response(call, problem))
        )

    def raise_regular_refusal(self, data: object, call: Call) -> None:
        """Raises the error of a status of the Regular API. Edits alone answer with other statuses.

        Raises:
            VendorError: the answer has such a status.
        """
        refusal = None if isinstance(data, dict) and "stats" in data else regular_refusal(data)
        if refusal is not None:
            raise self.refusal_error(refusal, call)

    async def _read_link_with_days(self, handle: str) -> Link | None:
        today = self.today()
        period = Period(today - timedelta(days=_DEFAULT_DAYS - 1), today)
        try:
            return await self._read_link(handle, period)
        except PlanRequiredError as error:
            if error.provider_code != PLAN_LACKS_IT:
                raise
            return await self._read_link(handle)

    async def _read_link(self, handle: str, period: Period | None = None) -> Link | None:
        found = await self.fetch_stats("get link", handle, period, Resource.LINK)
        if found is None:
            return None
        stats, report = found.answer.stats, found.report
        domain, slug = split_handle(handle)
        return Link(
            handle=handle,
            short_url=escaped_short_url(stats.short_link, slug),
            slug=slug,
            domain=domain,
            destination=stats.full_link,
            title=stats.title or None,
            created_at=stats.created_at,
            fetched_at=report.fetched_at,
            included=report,
        )

    def _parse_stats(self, data: object, call: Call) -> StatsAnswer | None:
        """The link in an answer; None where the vendor has no such link."""
        self.raise_regular_refusal(data, call)
        status = self.parse(StatusAnswer, data, call).stats.status
        if status == _ABSENT:
            return None
        if status != _PRESENT:
            raise self.bad_response(call, "stats.status is none that the vendor documents")
        return self.parse(StatsAnswer, data, call)


def _has_link(data: object) -> bool:
    return StatusAnswer.model_validate(data).stats.status != _ABSENT
