"""Speaks the REST API v3 of a Shlink server for one of its API keys."""

from typing import ClassVar

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanReadStats,
    LinkOrder,
)
from linkweave.providers.shlink.link_reader import PAGE_SIZE
from linkweave.providers.shlink.link_writer import CLEARABLE, CREATABLE, UPDATABLE, LinkWriter
from linkweave.providers.shlink.statistics import StatisticsReader, stats_call
from linkweave.providers.shlink.tags import TagWriter
from linkweave.providers.shlink.visit_counts import DIMENSIONS
from linkweave.providers.shlink.wire import MEASURES
from linkweave.providers.write_capabilities import CanCreateLinks, CanDeleteLinks, CanUpdateLinks, CanWriteTags


class ShlinkAdapter(
    StatisticsReader,
    LinkWriter,
    TagWriter,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListTags,
    CanListDomains,
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
    CanWriteTags,
):
    """Links on all domains, their visits, and tags."""

    time_zone: ClassVar[str | None] = "UTC"
    # The domains are read for a short URL and for the domain of a new link, and the tags of a link before they change.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE, search_calls=1, stats_call=stats_call, life_calls=0, create=2, update=2
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = DIMENSIONS
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = True
    countable_days: ClassVar[str] = "any within the newest 5,000 visits"
    creatable: ClassVar[frozenset[str]] = CREATABLE
    finds_existing: ClassVar[bool] = True
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = CLEARABLE
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset({ExpiryPart.AT, ExpiryPart.AFTER_CLICKS})
