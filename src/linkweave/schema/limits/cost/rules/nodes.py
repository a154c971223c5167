"""The costs of looking up objects by their IDs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from linkweave.models.host_names import host_key
from linkweave.providers.read_capabilities import CanListTags
from linkweave.schema.limits.cost.cost import FREE, Cost, max_cost, sum_costs
from linkweave.schema.limits.cost.cost_context import (
    Accounts,
    CostContext,
    CostRule,
    ObjectGroup,
    accounts_with,
    group_by_owner,
)
from linkweave.schema.limits.cost.rules.call_costs import listing_cost, lookup_cost, shared_call_cost

# A webhook is searched page by page. This is the assumed number of pages.
_SEARCHED_PAGES: Final = 10
_CALLS_PER_OBJECT: Final = MappingProxyType({"Tracker": 1, "Webhook": _SEARCHED_PAGES})
_LISTS: Final = MappingProxyType({"Campaign": "campaigns", "Domain": "domains", "Team": "teams"})


def _by_ids(context: CostContext, ids: Any) -> Cost:
    groups = group_by_owner(context, ids)
    return sum_costs([*map(_lookup, groups), context.selection_cost_per_object(groups)])


def _lookup(group: ObjectGroup) -> Cost:
    type_name = group.type_name or ""
    if type_name in _LISTS:
        return shared_call_cost(_LISTS[type_name], group.accounts)
    if type_name == "Link":
        return lookup_cost(group.accounts[0], group.count)
    if type_name == "Tag":
        return _tags(group.accounts, group.count)
    return Cost(_CALLS_PER_OBJECT.get(type_name, 0) * group.count)


def _tags(accounts: Accounts, count: int) -> Cost:
    """An account without a list of tags is searched for a link with each tag."""
    able = accounts_with(accounts, CanListTags)
    unable = tuple(account for account in accounts if account not in able)
    return sum_costs([shared_call_cost("tags", accounts), listing_cost(unable, 1, filtered=True).times(count)])


def _link(context: CostContext) -> Cost:
    if context.argument("id") is not None:
        return _by_ids(context, context.argument("id"))
    owners, domains = _possible_owners(context.all_accounts, context.argument("shortUrl"))
    lookups = (
        sum_costs([lookup_cost(account, 1), context.selection_cost([ObjectGroup((account,))])]) for account in owners
    )
    return sum_costs([domains, max_cost(lookups)])


def _possible_owners(accounts: Accounts, short_url: Any) -> tuple[Accounts, Cost]:
    """Returns the accounts that may have the link of a short URL, and the cost of finding them."""
    try:
        host = host_key(urlsplit(short_url).hostname or "") if isinstance(short_url, str) else ""
    except ValueError:
        return (), FREE
    named = tuple(each for each in accounts if host in map(host_key, each.account.settings.domains))
    return (named, FREE) if named else (accounts, shared_call_cost("domains", accounts))


def _link_of_webhook(context: CostContext) -> Cost:
    lookups = (lookup_cost(account, 1) for account in context.owners)
    return sum_costs([*lookups, context.selection_cost(context.groups)])


NODE_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Query", "node"): lambda context: _by_ids(context, context.argument("id")),
        ("Query", "nodes"): lambda context: _by_ids(context, context.argument("ids")),
        ("Query", "link"): _link,
        ("WebhookTarget", "link"): _link_of_webhook,
    }
)
