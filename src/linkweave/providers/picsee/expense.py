"""What questions cost at PicSee."""

from typing import Final

from linkweave.models import SERIES, TOTALS, StatsPart
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.picsee.listing import HALVES, PAGE_SIZE
from linkweave.providers.picsee.statistics import AUDIENCE

_DAILY: Final = frozenset({TOTALS, SERIES})


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all links
    """One call for totals and days, one for each breakdown, one for both kinds of audience labels."""
    if part in _DAILY:
        return "daily clicks"
    return "audience labels" if part in AUDIENCE else part.name


# What an overview of a link does not tell is looked up in each of the lists.
CALL_COSTS: Final = CallCosts(page_size=PAGE_SIZE, lists=len(HALVES), search_calls=len(HALVES), stats_call=stats_call)
