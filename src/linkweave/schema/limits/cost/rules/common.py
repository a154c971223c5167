"""What the prices of several fields are made of."""

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
from linkweave.schema.limits.cost.cost import FREE, Cost, added
from linkweave.schema.limits.cost.cost_context import Accounts, CostContext, ObjectGroup, Rule

# How many objects are in a list that cannot be cut by an argument: nobody knows before it is asked for.
LISTED: Final = 10

# What is asked of an account once per operation, and who can tell it.
FACTS: Final[Mapping[str, type]] = MappingProxyType(
    {
        "campaigns": CanListCampaigns,
        "domains": CanListDomains,
        "tags": CanListTags,
        "teams": CanListTeams,
        "tracking presets": CanListTrackingPresets,
        "usage": CanReportUsage,
    }
)


def able(accounts: Accounts, capability: type) -> Accounts:
    """Those of `accounts` that can do that."""
    return tuple(account for account in accounts if isinstance(account.account.adapter, capability))


def call_costs(account: AccountLoaders) -> CallCosts:
    """How many calls the account's vendor needs."""
    return account.account.adapter.call_costs


def everybody(asking: CostContext) -> Accounts:
    """All accounts of the caller."""
    return tuple(asking.request.accounts.values())


def for_each(asking: CostContext, accounts: Accounts) -> Cost:
    """What is selected in the field, read of an object of each of `accounts`."""
    return added(asking.inside([ObjectGroup((account,))]) for account in accounts)


def facts(what: str, accounts: Accounts) -> Cost:
    """Asking those of `accounts` that can tell it for one of FACTS."""
    telling = able(accounts, FACTS[what])
    return Cost(0, {(each.key, what): call_costs(each).domains if what == "domains" else 1 for each in telling})


def fact(what: str) -> Rule:
    """A field that tells one of FACTS."""
    return lambda asking: added([facts(what, asking.owners), asking.inside(asking.groups)])


def fact_list(what: str) -> Rule:
    """A list that is one of FACTS."""

    def price(asking: CostContext) -> Cost:
        telling = able(asking.owners, FACTS[what])
        return added([facts(what, telling), asking.each([ObjectGroup(telling, LISTED)])]) if telling else FREE

    return price


def listing(accounts: Accounts, links: int, *, filtered: bool) -> Cost:
    """Listing `links` links, which may all be of one account; a filter may pass over many that do not match."""
    passed_over = MAX_SCANNED if filtered else 0
    return added(
        Cost(call_costs(account).to_list(links, passed_over), {(account.key, "which lists"): 1})
        for account in able(accounts, CanListLinks)
    )


def finding(account: AccountLoaders, links: int) -> Cost:
    """Getting `links` links of an account by their ids."""
    return Cost(call_costs(account).to_get(links)) if able((account,), CanGetLinks) else FREE
