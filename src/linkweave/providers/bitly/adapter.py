"""Speaks Bitly's API for one group."""

from typing import ClassVar

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.providers.bitly.click_counts import BREAKDOWNS
from linkweave.providers.bitly.inferred import BOTS_EXCLUDED, PAGE_SIZE
from linkweave.providers.bitly.link_writer import BATCH_SIZE, CREATABLE, UPDATABLE
from linkweave.providers.bitly.many_statistics import ManyStatisticsReader
from linkweave.providers.bitly.received_webhooks import WebhookReceiver
from linkweave.providers.bitly.settings import CLICKS, RANKING
from linkweave.providers.bitly.statistics import MEASURES, stats_call
from linkweave.providers.bitly.tag_writer import TagWriter
from linkweave.providers.call_costs import CallCosts
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
    CanCreateLinks,
    CanDeleteLinks,
    CanUpdateLinksTogether,
    CanWriteTags,
)


class BitlyAdapter(
    WebhookReceiver,
    ManyStatisticsReader,
    TagWriter,
    CanListLinks,
    CanGetLinks,
    CanReadManyStats,
    CanListTags,
    CanListDomains,
    CanReportUsage,
    CanCreateLinks,
    CanUpdateLinksTogether,
    CanDeleteLinks,
    CanWriteTags,
    CanPlaceWebhooks,
):
    """Links, their clicks, tags, domains and counters of one group."""

    time_zone: ClassVar[str | None] = "UTC"
    # A new back-half needs the link's domain, and tags their spelling. A link that was not read is read before.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE,
        stats_call=stats_call,
        stats_buckets={RANKING: RANKING, CLICKS: CLICKS, **{bucket: bucket for _, _, bucket in BREAKDOWNS.values()}},
        age_calls=1,
        update=5,
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset(BREAKDOWNS)
    measures: ClassVar[frozenset[Measure]] = MEASURES
    countable_days: ClassVar[str] = "the last 30 on Free and Core, 120 on Growth, 365 on Premium"
    bots_excluded: ClassVar[bool | None] = BOTS_EXCLUDED
    creatable: ClassVar[frozenset[str]] = CREATABLE
    finds_existing: ClassVar[bool] = True
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = frozenset()
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset({ExpiryPart.AT})
    update_batch_size: ClassVar[int] = BATCH_SIZE
