"""Speaks the API of a Kutt site for one of its users."""

from typing import ClassVar

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.kutt.link_reader import PAGE_SIZE
from linkweave.providers.kutt.link_writer import CLEARABLE, CREATABLE, UPDATABLE, LinkWriter
from linkweave.providers.kutt.statistics import DIMENSIONS, StatisticsReader, stats_call
from linkweave.providers.kutt.wire import MEASURES
from linkweave.providers.read_capabilities import CanGetLinks, CanListDomains, CanListLinks, CanReadStats, LinkOrder
from linkweave.providers.write_capabilities import CanCreateLinks, CanDeleteLinks, CanUpdateLinks


class KuttAdapter(
    StatisticsReader,
    LinkWriter,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListDomains,
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
):
    """Links, their visits, and the user's domains."""

    time_zone: ClassVar[str | None] = "UTC"
    call_costs: ClassVar[CallCosts] = CallCosts(page_size=PAGE_SIZE, stats_call=stats_call, life_calls=0)
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    searches_destinations: ClassVar[bool] = True
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset(DIMENSIONS)
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = True
    countable_days: ClassVar[str] = "today; those with the whole life"
    creatable: ClassVar[frozenset[str]] = CREATABLE
    finds_existing: ClassVar[bool] = True
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = CLEARABLE
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset({ExpiryPart.AT})
