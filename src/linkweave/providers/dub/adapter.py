"""Speaks Dub's API for one workspace."""

from typing import ClassVar

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.dub.batch_writer import BATCH_SIZE, BatchWriter
from linkweave.providers.dub.inferred import TYPICAL_FOLDERS
from linkweave.providers.dub.link_reader import PAGE_SIZE
from linkweave.providers.dub.link_writer import CLEARABLE, CREATABLE, UPDATABLE
from linkweave.providers.dub.many_statistics import ManyStatisticsReader
from linkweave.providers.dub.received_webhooks import WebhookReceiver
from linkweave.providers.dub.settings import ANALYTICS
from linkweave.providers.dub.statistics import DIMENSIONS, stats_call
from linkweave.providers.dub.wire import MEASURES
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanReadManyStats,
    CanReportUsage,
    LinkOrder,
)
from linkweave.providers.webhook_capabilities import CanPlaceWebhooks
from linkweave.providers.write_capabilities import (
    CanCreateLinksTogether,
    CanDeleteLinksTogether,
    CanUpdateLinksTogether,
    CanWriteTags,
)


class DubAdapter(
    WebhookReceiver,
    ManyStatisticsReader,
    BatchWriter,
    CanListLinks,
    CanGetLinks,
    CanReadManyStats,
    CanListTags,
    CanListDomains,
    CanReportUsage,
    CanCreateLinksTogether,
    CanUpdateLinksTogether,
    CanDeleteLinksTogether,
    CanWriteTags,
    CanPlaceWebhooks,
):
    """Links, their clicks, tags, domains and counters of one workspace."""

    time_zone: ClassVar[str | None] = "UTC"
    # Links are listed by folder. Their number is unknown before the first call. A batch of deletes is read first.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE,
        lists=TYPICAL_FOLDERS,
        get_batch=PAGE_SIZE,
        stats_call=stats_call,
        stats_buckets=dict.fromkeys(("totals", "series", *DIMENSIONS.values()), ANALYTICS),
        life_calls=0,
        update=2,
        delete=2,
        write_batch=BATCH_SIZE,
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset(DIMENSIONS)
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = True
    countable_days: ClassVar[str] = "any since 2022-09-22; on Pro of the last 366"
    creatable: ClassVar[frozenset[str]] = CREATABLE
    create_batch_size: ClassVar[int] = BATCH_SIZE
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = CLEARABLE
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset({ExpiryPart.AT, ExpiryPart.REDIRECT_TO})
    update_batch_size: ClassVar[int] = BATCH_SIZE
