"""The costs of subscriptions: what one event may need. No event makes a call unless its selection does."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.schema.limits.cost.cost import Cost
from linkweave.schema.limits.cost.cost_context import CostContext, CostRule, ObjectGroup, select_accounts
from linkweave.schema.limits.cost.rules.links import filter_accounts


def _of_links(context: CostContext) -> Cost:
    accounts, _ = filter_accounts(context, context.all_accounts)
    return context.selection_cost_per_object([ObjectGroup(accounts)])


def _of_accounts(context: CostContext) -> Cost:
    accounts = select_accounts(context.all_accounts, context.argument("accounts"))
    return context.selection_cost_per_object([ObjectGroup(accounts)])


SUBSCRIPTION_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Subscription", "linkChanges"): _of_links,
        ("Subscription", "clicks"): _of_links,
        ("Subscription", "accountHealth"): _of_accounts,
    }
)
