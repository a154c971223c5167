"""The cost rules: one for each field that makes vendor calls, or that multiplies the objects in its selection.

A field without a rule makes no calls. Its selection is read of the parent objects. docs/limits.md explains the rules.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.schema.limits.cost.cost_context import CostRule
from linkweave.schema.limits.cost.rules.accounts import ACCOUNT_RULES
from linkweave.schema.limits.cost.rules.jobs import JOB_RULES
from linkweave.schema.limits.cost.rules.known import KNOWN_RULES
from linkweave.schema.limits.cost.rules.links import LINK_RULES
from linkweave.schema.limits.cost.rules.mutations import MUTATION_RULES
from linkweave.schema.limits.cost.rules.nodes import NODE_RULES
from linkweave.schema.limits.cost.rules.statistics import STATISTICS_RULES
from linkweave.schema.limits.cost.rules.subscriptions import SUBSCRIPTION_RULES

COST_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        **NODE_RULES,
        **LINK_RULES,
        **ACCOUNT_RULES,
        **STATISTICS_RULES,
        **KNOWN_RULES,
        **JOB_RULES,
        **MUTATION_RULES,
        **SUBSCRIPTION_RULES,
    }
)
