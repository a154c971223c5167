"""The costs of the calls that several fields make."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.lane_reader import MAX_SCANNED
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListCampaigns,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanListTeams,
    CanListTrackingPresets,
    CanReportUsage,
)
from linkweave.schema.limits.cost.cost import FREE, Cost, sum_costs
from linkweave.schema.limits.cost.cost_context import Accounts, CostContext, CostRule, ObjectGroup, accounts_with

# The assumed number of objects in a list without `first`. The real number is known only after the call.
ASSUMED_LIST_LENGTH: Final = 10

# The calls that an operation makes once per account, and the capability that each needs.
_SHARED_CALLS: Final[Mapping[str, type]] = MappingProxyType(
    {
        "campaigns": CanListCampaigns,
        "domains": CanListDomains,
        "tags": CanListTags,
        "teams": CanListTeams,
        "tracking presets": CanListTrackingPresets,
        "usage": CanReportUsage,
    }
)


def call_costs(account: AccountLoaders) -> CallCosts:
    """Returns how many calls the account's vendor needs."""
    return account.account.adapter.call_costs


def shared_call_cost(call: str, accounts: Accounts) -> Cost:
    """Returns the cost of a shared call at those of `accounts` that support it."""
    able = accounts_with(accounts, _SHARED_CALLS[call])
    return Cost(0, {(each.key, call): _calls_of(call, call_costs(each)) for each in able})


def _calls_of(call: str, costs: CallCosts) -> int:
    return {"domains": costs.domains, "tags": costs.tags}.get(call, 1)


def shared_call_rule(call: str) -> CostRule:
    """Returns the rule of a field that reads the answer to a shared call."""
    return lambda context: sum_costs([shared_call_cost(call, context.owners), context.selection_cost(context.groups)])


def shared_list_rule(call: str) -> CostRule:
    """Returns the rule of a list that a shared call returns."""

    def cost(context: CostContext) -> Cost:
        able = accounts_with(context.owners, _SHARED_CALLS[call])
        listed = ObjectGroup(able, ASSUMED_LIST_LENGTH)
        return sum_costs([shared_call_cost(call, able), context.selection_cost_per_object([listed])]) if able else FREE

    return cost


def listing_cost(accounts: Accounts, links: int, *, filtered: bool) -> Cost:
    """Returns the cost of listing `links` links, which may all be of one account.

    With a filter, an account may read MAX_SCANNED links that do not match.
    """
    passed_over = MAX_SCANNED if filtered else 0
    return sum_costs(
        Cost(call_costs(account).to_list(links, passed_over), {(account.key, "which lists"): 1})
        for account in accounts_with(accounts, CanListLinks)
    )


def lookup_cost(account: AccountLoaders, links: int) -> Cost:
    """Returns the cost of looking up `links` links of an account by their IDs."""
    return Cost(call_costs(account).to_get(links)) if accounts_with((account,), CanGetLinks) else FREE
