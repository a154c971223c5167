"""What questions cost at tiny.cc."""

from typing import Final

from linkweave.models import SERIES, TOTALS, StatsPart
from linkweave.providers.call_costs import Expense
from linkweave.providers.tinycc.handles import GROUP_LIMIT

# Links are listed and written by domain. How many an account has is not known before it is asked.
_DOMAINS: Final = 4


def question(part: StatsPart, known: bool) -> str | None:
    """Totals come with the link; days are a call."""
    return "days" if part == SERIES or (part == TOTALS and not known) else None


# A delete is a call, and another one to look whether it happened.
EXPENSE: Final = Expense(
    page=1_000,
    lists=_DOMAINS,
    together=GROUP_LIMIT,
    search=_DOMAINS - 1,
    question=question,
    delete=2,
    batch=GROUP_LIMIT,
)
