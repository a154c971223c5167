"""PicSee's API for one account."""

from datetime import timedelta
from typing import ClassVar

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.models.changes import AbuseReport
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.picsee import create_links, update_links
from linkweave.providers.picsee.account import AccountReader
from linkweave.providers.picsee.link_lists import LINK_LISTS, LIST_LAG, PAGE_SIZE
from linkweave.providers.picsee.links import MEASURES
from linkweave.providers.picsee.request_fields import abuse_body
from linkweave.providers.picsee.statistics import DIMENSIONS, STATS_BUCKETS, StatisticsReader, stats_call
from linkweave.providers.picsee.wire import DoneAnswer, ReportedAnswer
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanListTrackingPresets,
    CanReadStats,
    CanReportExternalIdUsage,
    CanReportUsage,
    LinkOrder,
)
from linkweave.providers.write_capabilities import (
    CanCreateLinks,
    CanDeleteLinks,
    CanReportAbuse,
    CanRestoreLinks,
    CanUpdateLinks,
)
from linkweave.transport.call import Call


class PicseeAdapter(
    create_links.LinkCreator,
    update_links.LinkUpdater,
    StatisticsReader,
    AccountReader,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListTags,
    CanListDomains,
    CanListTrackingPresets,
    CanReportUsage,
    CanReportExternalIdUsage,
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
    CanRestoreLinks,
    CanReportAbuse,
):
    """PicSee.

    `bots_excluded` is None: PicSee leaves bots out of unique clicks (FOUND), and does not say so of all clicks.
    """

    time_zone: ClassVar[str | None] = "Asia/Taipei"
    read_lag: ClassVar[timedelta] = LIST_LAG
    # Title, tags and star of a link that was read by its slug are looked up in each of the lists.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE,
        lists=len(LINK_LISTS),
        search_calls=len(LINK_LISTS),
        stats_call=stats_call,
        stats_buckets=STATS_BUCKETS,
        life_calls=0,
        age_calls=1,
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = DIMENSIONS
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = None
    countable_days: ClassVar[str] = "the last 365 on the advanced plan, else 30"
    max_usage_days: ClassVar[int] = 31
    creatable: ClassVar[frozenset[str]] = create_links.CREATABLE
    updatable: ClassVar[frozenset[str]] = update_links.UPDATABLE
    clearable: ClassVar[frozenset[str]] = update_links.CLEARABLE
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset({ExpiryPart.AT})

    async def delete_link(self, handle: str) -> None:
        """Moves a link to the trash, which keeps it for 30 days (FOUND)."""
        await self._move(handle, "delete", "delete link")

    async def restore_link(self, handle: str) -> None:
        """Takes a link out of the trash."""
        await self._move(handle, "recover", "restore link")

    async def report_abuse(self, report: AbuseReport) -> None:
        """Reports a short link. Only PicSee's security partners may do so (DOC), so a setting turns it on.

        Raises:
            UnsupportedError: the setting is off; no call was made.
            VendorError: PicSee refused the report, or (AmbiguousError) may have taken it.
        """
        operation = "report abuse"
        if not self.settings.report_abuse:
            problem = "takes abuse reports of PicSee's security partners only; report_abuse = true says that it is one"
            raise self.unsupported(operation, problem)
        call = Call(operation, "POST", self.settings.abuse_path, json=abuse_body(report), writes=True)
        await self.fetch(ReportedAnswer, call)

    async def _move(self, handle: str, value: str, operation: str) -> None:
        path = f"/v2/links/{self.path_segment(handle, operation)}/delete"
        await self.fetch(DoneAnswer, Call(operation, "POST", path, json={"value": value}, writes=True))
