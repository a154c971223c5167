"""What fields cost, in calls to vendors: one entry per field that makes calls, or in which objects become more.

A field without an entry asks nobody, and what is selected in it is read of the same objects. docs/limits.md says the
same in words.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.schema.limits.cost.cost_context import Rule
from linkweave.schema.limits.cost.rules.accounts import ACCOUNT_PRICES
from linkweave.schema.limits.cost.rules.links import LINK_PRICES
from linkweave.schema.limits.cost.rules.mutations import WRITING_PRICES
from linkweave.schema.limits.cost.rules.nodes import NODE_PRICES
from linkweave.schema.limits.cost.rules.statistics import STATS_PRICES

PRICES: Final[Mapping[tuple[str, str], Rule]] = MappingProxyType(
    {**NODE_PRICES, **LINK_PRICES, **ACCOUNT_PRICES, **STATS_PRICES, **WRITING_PRICES}
)
