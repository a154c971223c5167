"""What questions cost at ShortenWorld."""

from typing import Final

from linkweave.providers.call_costs import CallCosts
from linkweave.providers.shortenworld.finding import MAX_WALKED
from linkweave.providers.shortenworld.inferred import PAGE_SIZE
from linkweave.providers.shortenworld.lanes import HALVES

# Domains are listed by team. How many teams an account has is not known before it is asked.
_TEAMS: Final = 4

# Links are found by walking both lists, however many are wanted. A new link may need the teams and their domains first,
# and an update has at most six steps.
CALL_COSTS: Final = CallCosts(
    page_size=PAGE_SIZE,
    lists=len(HALVES),
    get_batch=MAX_WALKED,
    search_calls=MAX_WALKED // PAGE_SIZE,
    domains=1 + _TEAMS,
    create=2 + _TEAMS,
    update=6,
)
