"""What questions cost at ShortenWorld."""

from typing import Final

from linkweave.providers.expense import Expense
from linkweave.providers.shortenworld.finding import MAX_WALKED
from linkweave.providers.shortenworld.inferred import PAGE_SIZE
from linkweave.providers.shortenworld.lanes import HALVES

# Links are found by walking both lists, however many are wanted. A new link may need the teams and their domains first,
# and an update has at most six steps.
EXPENSE: Final = Expense(
    page=PAGE_SIZE,
    lists=len(HALVES),
    together=MAX_WALKED,
    search=MAX_WALKED // PAGE_SIZE,
    create=3,
    update=6,
)
