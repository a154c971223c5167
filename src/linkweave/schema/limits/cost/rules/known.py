"""The costs of what the catalog answers. It makes no call to a vendor, but works as much as for some."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.listing.link_query import MAX_FIRST
from linkweave.schema.limits.cost.cost import Cost, sum_costs
from linkweave.schema.limits.cost.cost_context import CostContext, CostRule, ObjectGroup
from linkweave.schema.limits.cost.rules.call_costs import ASSUMED_LIST_LENGTH, shared_call_cost
from linkweave.schema.limits.cost.rules.links import filter_accounts, known_page
from linkweave.schema.limits.cost.rules.statistics import stats_of_group

_DEFAULT_PAGE: Final = 20
# Grouping reads the days of all links.
_GROUPING: Final = 5


def _page(context: CostContext, calls: int) -> Cost:
    accounts, _ = filter_accounts(context, context.all_accounts)
    first = context.int_argument("first", _DEFAULT_PAGE, MAX_FIRST)
    return sum_costs([Cost(calls), context.selection_cost([ObjectGroup(accounts, first)])])


def _groups(context: CostContext) -> Cost:
    """Vendors tell the names of their teams and campaigns."""
    call = {"TEAM": "teams", "CAMPAIGN": "campaigns"}.get(str(context.argument("group")))
    names = Cost(0) if call is None else shared_call_cost(call, filter_accounts(context, context.all_accounts)[0])
    return sum_costs([_page(context, _GROUPING), names])


def _stats_of_destination(context: CostContext) -> Cost:
    """The number of links is known only after the question."""
    group = ObjectGroup(context.owners, ASSUMED_LIST_LENGTH)
    return sum_costs([stats_of_group(context, group, link_known=False), context.selection_cost([group])])


def _history(context: CostContext) -> Cost:
    return Cost(0, {(owner.key, "history"): 1 for owner in context.owners})


def _per_object(context: CostContext) -> Cost:
    return context.selection_cost_per_object(context.groups)


def _per_account(context: CostContext) -> Cost:
    return context.selection_cost_per_account(context.owners)


_CONNECTIONS: Final = ("StatsGroupConnection", "DestinationConnection", "UploadConnection")

KNOWN_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Query", "statsBy"): _groups,
        ("Query", "destinations"): lambda context: _page(context, _GROUPING),
        ("Query", "uploads"): lambda context: _page(context, 1),
        **{(kind, name): _per_object for kind in _CONNECTIONS for name in ("nodes", "edges")},
        ("StatsGroupConnection", "sources"): _per_account,
        ("DestinationConnection", "sources"): _per_account,
        ("DestinationConnection", "totalCount"): lambda _: Cost(_GROUPING),
        ("StatsGroupNode", "series"): lambda _: Cost(1),
        ("StatsGroupNode", "byAccount"): _per_account,
        ("Destination", "accounts"): _per_account,
        ("Destination", "links"): lambda context: known_page(context, context.owners),
        ("Destination", "stats"): _stats_of_destination,
        ("Link", "history"): _history,
    }
)
