"""Speaks Short.io's API for the domains of one key."""

from typing import ClassVar

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanReadManyStats,
    LinkOrder,
)
from linkweave.providers.shortio.batch_updater import UPDATE_BATCH_SIZE
from linkweave.providers.shortio.batch_writer import CREATE_BATCH_SIZE, BatchWriter
from linkweave.providers.shortio.inferred import TAG_PAGES, TYPICAL_DOMAINS
from linkweave.providers.shortio.link_reader import PAGE_SIZE
from linkweave.providers.shortio.link_writer import CLEARABLE, CREATABLE, UPDATABLE
from linkweave.providers.shortio.many_statistics import ManyStatisticsReader
from linkweave.providers.shortio.received_webhooks import WebhookReceiver
from linkweave.providers.shortio.settings import STATISTICS
from linkweave.providers.shortio.statistics import stats_call
from linkweave.providers.shortio.statistics_wire import DIMENSIONS, MEASURES
from linkweave.providers.shortio.tag_writer import TagWriter
from linkweave.providers.webhook_capabilities import CanPlaceWebhooks
from linkweave.providers.write_capabilities import (
    CanCreateLinksTogether,
    CanDeleteLinksTogether,
    CanUpdateLinksTogether,
    CanWriteTags,
)


class ShortioAdapter(
    WebhookReceiver,
    ManyStatisticsReader,
    BatchWriter,
    TagWriter,
    CanReadManyStats,
    CanListLinks,
    CanGetLinks,
    CanListTags,
    CanListDomains,
    CanCreateLinksTogether,
    CanUpdateLinksTogether,
    CanDeleteLinksTogether,
    CanWriteTags,
    CanPlaceWebhooks,
):
    """Links of all domains, and their clicks."""

    time_zone: ClassVar[str | None] = "UTC"
    # Links are listed by domain. A create looks up the default domain; a change of tags and a batch of deletes are
    # read first.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE,
        lists=TYPICAL_DOMAINS,
        stats_call=stats_call,
        stats_buckets={"totals": STATISTICS, "report": STATISTICS},
        stats_groups=TYPICAL_DOMAINS,
        tags=1 + TAG_PAGES,
        create=2,
        update=2,
        delete=2,
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset(DIMENSIONS)
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = True
    creatable: ClassVar[frozenset[str]] = CREATABLE
    create_batch_size: ClassVar[int] = CREATE_BATCH_SIZE
    finds_existing: ClassVar[bool] = True
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = CLEARABLE
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset(
        {ExpiryPart.AT, ExpiryPart.AFTER_CLICKS, ExpiryPart.REDIRECT_TO}
    )
    update_batch_size: ClassVar[int] = UPDATE_BATCH_SIZE
