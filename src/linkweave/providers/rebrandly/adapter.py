"""Speaks Rebrandly's API for one workspace."""

from typing import ClassVar

from linkweave.models import Measure
from linkweave.providers.call_costs import CallCosts, link_call
from linkweave.providers.link_totals import TotalsWithLinks
from linkweave.providers.read_capabilities import (
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanReportUsage,
    LinkOrder,
)
from linkweave.providers.rebrandly.account import PAGE_SIZE
from linkweave.providers.rebrandly.link_writer import CREATABLE, UPDATABLE, LinkWriter
from linkweave.providers.rebrandly.received_webhooks import WebhookReceiver
from linkweave.providers.rebrandly.wire import MEASURES
from linkweave.providers.webhook_capabilities import CanReceiveWebhooks
from linkweave.providers.write_capabilities import CanCreateLinks, CanDeleteLinks, CanUpdateLinks, CanWriteTags


class RebrandlyAdapter(
    WebhookReceiver,
    LinkWriter,
    TotalsWithLinks,
    CanListLinks,
    CanListTags,
    CanListDomains,
    CanReportUsage,
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
    CanWriteTags,
    CanReceiveWebhooks,
):
    """Links with their clicks, tags, domains and the plan. GET_LINK and LINK_STATS come with TotalsWithLinks."""

    # An update reads the link before. Tags are looked up, and take a call each.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE, stats_call=link_call, life_calls=0, create=3, update=4
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    measures: ClassVar[frozenset[Measure]] = MEASURES
    creatable: ClassVar[frozenset[str]] = CREATABLE
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = frozenset()
