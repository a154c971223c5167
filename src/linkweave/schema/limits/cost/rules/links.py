"""The costs of lists of links and of the fields of a link."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.listing.link_query import MAX_FIRST
from linkweave.gather.sources import ReadFrom
from linkweave.providers.read_capabilities import CanListTrackers
from linkweave.schema.limits.cost.cost import FREE, Cost, sum_costs
from linkweave.schema.limits.cost.cost_context import (
    Accounts,
    CostContext,
    CostRule,
    ObjectGroup,
    accounts_with,
    select_accounts,
)
from linkweave.schema.limits.cost.rules.call_costs import ASSUMED_LIST_LENGTH, listing_cost

_DEFAULT_PAGE: Final = 20


def _page(context: CostContext, accounts: Accounts, *, filtered: bool) -> Cost:
    first = context.int_argument("first", _DEFAULT_PAGE, MAX_FIRST)
    selection = context.selection_cost([ObjectGroup(accounts, first)])
    return sum_costs([listing_cost(accounts, first, filtered=filtered), selection])


def filter_accounts(context: CostContext, accounts: Accounts) -> tuple[Accounts, bool]:
    """Returns those of `accounts` that the argument `filter` selects, and whether it also filters their links."""
    given = context.argument("filter")
    conditions = given if isinstance(given, dict) else {}
    filtered = any(value is not None for name, value in conditions.items() if name not in {"accounts", "providers"})
    return select_accounts(accounts, conditions.get("accounts"), conditions.get("providers")), filtered


def _all_links(context: CostContext) -> Cost:
    accounts, filtered = filter_accounts(context, context.all_accounts)
    if context.argument("orderBy") is not None or context.argument("read") == ReadFrom.CATALOG.value:
        return known_page(context, accounts)
    return _page(context, accounts, filtered=filtered)


def known_page(context: CostContext, accounts: Accounts) -> Cost:
    """Returns the cost of a page from the catalog: no call to a vendor, but as much work as one."""
    first = context.int_argument("first", _DEFAULT_PAGE, MAX_FIRST)
    return sum_costs([Cost(1), context.selection_cost([ObjectGroup(accounts, first)])])


def _links_of_account(context: CostContext) -> Cost:
    accounts, filtered = filter_accounts(context, context.owners)
    return _page(context, accounts, filtered=filtered)


def _links_of_tag(context: CostContext) -> Cost:
    return _page(context, select_accounts(context.all_accounts, context.argument("accounts")), filtered=True)


def _trackers(context: CostContext) -> Cost:
    able = accounts_with(context.owners, CanListTrackers)
    listed = ObjectGroup(able, ASSUMED_LIST_LENGTH)
    return sum_costs([Cost(1), context.selection_cost_per_object([listed])]) if able else FREE


LINK_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Query", "links"): _all_links,
        ("Account", "links"): _links_of_account,
        ("Domain", "links"): lambda context: _page(context, context.owners, filtered=True),
        ("Tag", "links"): _links_of_tag,
        ("LinkConnection", "totalCount"): lambda _: Cost(1),
        ("LinkConnection", "nodes"): lambda context: context.selection_cost_per_object(context.groups),
        ("LinkConnection", "edges"): lambda context: context.selection_cost_per_object(context.groups),
        ("LinkConnection", "sources"): lambda context: context.selection_cost_per_account(context.owners),
        ("Link", "tags"): lambda context: context.selection_cost_per_object(
            [ObjectGroup(context.owners, ASSUMED_LIST_LENGTH)]
        ),
        ("Link", "trackers"): _trackers,
        # No vendor call, but the gateway draws it: as much work as a call.
        ("QrCode", "svg"): lambda _: Cost(1),
    }
)
