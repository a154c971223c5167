"""What questions cost at Cutt.ly."""

from typing import Final

from linkweave.providers.call_costs import Expense

# One call tells everything of a link. An update has a step for each of nine fields, one of which is four calls.
EXPENSE: Final = Expense(update=12)
