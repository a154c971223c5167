"""What lists of links cost, and what is in links."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.listing.link_pages import MAX_FIRST
from linkweave.providers.read_capabilities import CanListTrackers
from linkweave.schema.limits.cost.cost import FREE, Cost, added
from linkweave.schema.limits.cost.cost_context import Accounts, CostContext, ObjectGroup, Rule, chosen
from linkweave.schema.limits.cost.rules.common import LISTED, able, everybody, for_each, listing

DEFAULT_PAGE: Final = 20


def _page(asking: CostContext, accounts: Accounts, *, filtered: bool) -> Cost:
    first = asking.number("first", DEFAULT_PAGE, MAX_FIRST)
    return added([listing(accounts, first, filtered=filtered), asking.inside([ObjectGroup(accounts, first)])])


def filtered_accounts(asking: CostContext, accounts: Accounts) -> tuple[Accounts, bool]:
    """Those of `accounts` that the argument `filter` leaves, and whether it leaves out links of these."""
    given = asking.argument("filter")
    given = given if isinstance(given, dict) else {}
    restricting = any(value is not None for name, value in given.items() if name not in {"accounts", "providers"})
    return chosen(accounts, given.get("accounts"), given.get("providers")), restricting


def _all_links(asking: CostContext) -> Cost:
    accounts, filtered = filtered_accounts(asking, everybody(asking))
    return _page(asking, accounts, filtered=filtered)


def _links_of_account(asking: CostContext) -> Cost:
    accounts, filtered = filtered_accounts(asking, asking.owners)
    return _page(asking, accounts, filtered=filtered)


def _links_of_tag(asking: CostContext) -> Cost:
    return _page(asking, chosen(everybody(asking), asking.argument("accounts")), filtered=True)


def _trackers(asking: CostContext) -> Cost:
    telling = able(asking.owners, CanListTrackers)
    return added([Cost(1), asking.each([ObjectGroup(telling, LISTED)])]) if telling else FREE


LINK_PRICES: Final[Mapping[tuple[str, str], Rule]] = MappingProxyType(
    {
        ("Query", "links"): _all_links,
        ("Account", "links"): _links_of_account,
        ("Domain", "links"): lambda asking: _page(asking, asking.owners, filtered=True),
        ("Tag", "links"): _links_of_tag,
        ("LinkConnection", "nodes"): lambda asking: asking.each(asking.groups),
        ("LinkConnection", "edges"): lambda asking: asking.each(asking.groups),
        ("LinkConnection", "sources"): lambda asking: for_each(asking, asking.owners),
        ("Link", "tags"): lambda asking: asking.each([ObjectGroup(asking.owners, LISTED)]),
        ("Link", "trackers"): _trackers,
    }
)
