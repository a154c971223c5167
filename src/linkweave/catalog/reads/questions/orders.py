"""Orders of rows."""

from enum import Enum
from typing import TypeAlias

# A value by which rows are ordered, as JSON holds it. Null comes last in both directions.
OrderValue: TypeAlias = int | str | None


class OrderDirection(Enum):
    """The direction of an order."""

    ASC = "ASC"
    DESC = "DESC"
