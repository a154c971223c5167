"""Speaks tiny.cc's REST API v3 for one account."""

from typing import ClassVar, Final

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanListWebhooks,
    CanReadStats,
    CanReportUsage,
    CanSortLinks,
    LinkOrder,
    LinkSort,
    ListPlan,
)
from linkweave.providers.tinycc.creating import CREATABLE, LinkCreator
from linkweave.providers.tinycc.deleting import LinkRemover
from linkweave.providers.tinycc.handles import GROUP_LIMIT
from linkweave.providers.tinycc.link_wire import MEASURES
from linkweave.providers.tinycc.links import PAGE_SIZE
from linkweave.providers.tinycc.list_plan import SORTS, sorted_lanes
from linkweave.providers.tinycc.received_webhooks import WebhookReceiver
from linkweave.providers.tinycc.statistics import StatisticsReader
from linkweave.providers.tinycc.tagged import TAGGED_UPDATABLE, TaggedLinkWriter
from linkweave.providers.tinycc.tags import TagWriter
from linkweave.providers.tinycc.updating import CLEARABLE, UPDATABLE, LinkUpdater
from linkweave.providers.webhook_capabilities import CanPlaceWebhooks
from linkweave.providers.write_capabilities import (
    CanCreateLinksTogether,
    CanDeleteLinksTogether,
    CanResetStats,
    CanUpdateLinksTogether,
    CanWriteTaggedLinks,
    CanWriteTags,
    CanWriteWebhooks,
)

_TYPICAL_DOMAINS: Final = 4


class TinyccAdapter(
    StatisticsReader,
    LinkCreator,
    LinkUpdater,
    LinkRemover,
    TagWriter,
    TaggedLinkWriter,
    WebhookReceiver,
    CanListLinks,
    CanSortLinks,
    CanGetLinks,
    CanReadStats,
    CanListTags,
    CanListDomains,
    CanListWebhooks,
    CanReportUsage,
    CanCreateLinksTogether,
    CanUpdateLinksTogether,
    CanDeleteLinksTogether,
    CanResetStats,
    CanWriteTags,
    CanWriteTaggedLinks,
    CanWriteWebhooks,
    CanPlaceWebhooks,
):
    """Links, tags, domains, webhooks and counters of one account over all of its domains."""

    time_zone: ClassVar[str | None] = "UTC"
    # Links are listed and written by domain. Their number is unknown before the first call. A delete is two calls.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE,
        lists=_TYPICAL_DOMAINS,
        get_batch=GROUP_LIMIT,
        search_calls=_TYPICAL_DOMAINS - 1,
        life_calls=0,
        delete=2,
        write_batch=GROUP_LIMIT,
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.AS_LISTED
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = MEASURES
    countable_days: ClassVar[str] = "any, at hosts that tell days"
    searches_destinations: ClassVar[bool] = True
    creatable: ClassVar[frozenset[str]] = CREATABLE
    finds_existing: ClassVar[bool] = True
    create_batch_size: ClassVar[int] = GROUP_LIMIT
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = CLEARABLE
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset({ExpiryPart.AT, ExpiryPart.AFTER_CLICKS})
    link_sorts: ClassVar[frozenset[LinkSort]] = frozenset(SORTS)
    tagged_updatable: ClassVar[frozenset[str]] = TAGGED_UPDATABLE
    update_batch_size: ClassVar[int] = GROUP_LIMIT

    def sorted_plan(self, plan: ListPlan, sort: LinkSort) -> ListPlan:
        """The lists of `plan` in another order."""
        return sorted_lanes(plan, sort)
