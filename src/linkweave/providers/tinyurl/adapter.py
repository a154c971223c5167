"""Speaks TinyURL's API for one user."""

from typing import ClassVar

from linkweave.models import Dimension, ExpiryPart, Measure
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks, CanListTags, CanReadStats, LinkOrder
from linkweave.providers.tinyurl.batch_writer import BatchWriter
from linkweave.providers.tinyurl.inferred import BATCH_SIZE
from linkweave.providers.tinyurl.link_lists import LISTS, PAGE_SIZE
from linkweave.providers.tinyurl.link_writer import CLEARABLE, CREATABLE, UPDATABLE
from linkweave.providers.tinyurl.statistics import REPORTS, StatisticsReader, stats_call
from linkweave.providers.tinyurl.wire import MEASURES
from linkweave.providers.write_capabilities import (
    CanCreateLinksTogether,
    CanDeleteLinksTogether,
    CanUpdateLinksTogether,
)


class TinyUrlAdapter(
    StatisticsReader,
    BatchWriter,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListTags,
    CanCreateLinksTogether,
    CanUpdateLinksTogether,
    CanDeleteLinksTogether,
):
    """Links, their tags and their clicks."""

    time_zone: ClassVar[str | None] = "UTC"
    # Not counted: the calls for destinations that a list lacks. A batch is a call for each link where the token has no
    # jobs. A job takes a call, some that ask for its end, and one for its report.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE, lists=len(LISTS), stats_call=stats_call, age_calls=1, create=3, update=6, delete=3
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset(REPORTS)
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = False
    creatable: ClassVar[frozenset[str]] = CREATABLE
    create_batch_size: ClassVar[int] = BATCH_SIZE
    updatable: ClassVar[frozenset[str]] = UPDATABLE
    clearable: ClassVar[frozenset[str]] = CLEARABLE
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset({ExpiryPart.AT})
    update_batch_size: ClassVar[int] = BATCH_SIZE
