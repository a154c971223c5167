"""The costs of statistics. Parts that a vendor returns in one call cost one call together, for each link."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Dimension, StatsPart
from linkweave.providers.read_capabilities import CanListLinks, CanReadManyStats, CanReadStats
from linkweave.schema.limits.cost.cost import FREE, Cost, max_cost, sum_costs
from linkweave.schema.limits.cost.cost_context import (
    CostContext,
    CostRule,
    ObjectGroup,
    accounts_with,
    group_by_owner,
)
from linkweave.schema.limits.cost.document_costs import CostTerm
from linkweave.schema.limits.cost.rules.call_costs import call_costs, listing_cost
from linkweave.schema.limits.cost.rules.links import filter_accounts

MAX_COUNTED: Final = 1_000

_PARTS: Final[Mapping[str, StatsPart]] = MappingProxyType(
    {"clicks": TOTALS, "uniqueClicks": TOTALS, "botClicks": BOT_TOTALS, "series": SERIES}
)


def _stats_of_link(context: CostContext) -> Cost:
    """The statistics of one link that was read before."""
    costs = (_stats_calls(context, owner, link_known=True) for owner in context.owners)
    return sum_costs([*costs, context.selection_cost(context.groups)])


def _merged_stats(context: CostContext) -> Cost:
    """The statistics of the links that are named, or of at most MAX_COUNTED that are listed first."""
    if context.argument("links") is not None:
        groups = group_by_owner(context, context.argument("links"))
        costs = (stats_of_group(context, group, link_known=False) for group in groups)
        return sum_costs([*costs, context.selection_cost(groups)])
    accounts, filtered = filter_accounts(context, context.all_accounts)
    group = ObjectGroup(tuple(filter(_shows_links, accounts)), MAX_COUNTED)
    listing = listing_cost(accounts, MAX_COUNTED, filtered=filtered)
    statistics = stats_of_group(context, group, link_known=True)
    return sum_costs([listing, statistics, context.selection_cost([group])])


def _shows_links(account: AccountLoaders) -> bool:
    return isinstance(account.account.adapter, CanListLinks) or account.in_place_of(CanListLinks) is not None


def stats_of_group(context: CostContext, group: ObjectGroup, *, link_known: bool) -> Cost:
    """The links may all be of one account, or some of each."""
    owners = group.accounts
    full = max_cost(_calls_for_links(context, owner, group.count, link_known=link_known) for owner in owners)
    return sum_costs([full, *(_calls_for_rest(context, owner) for owner in owners)])


def _stats_calls(context: CostContext, owner: AccountLoaders, *, link_known: bool) -> Cost:
    """Returns the cost of the calls for one link. Each call counts at the first field that needs it."""
    calls = [Cost(1, path=(key,)) for key, _ in _named_calls(context, owner, link_known=link_known)]
    if calls and not link_known:
        calls.append(Cost(call_costs(owner).age_calls, path=calls[0].path))
    return sum_costs(calls)


def _calls_for_links(context: CostContext, owner: AccountLoaders, links: int, *, link_known: bool) -> Cost:
    """Returns the cost of the calls that each count as many of the `links` as they can."""
    if not isinstance(owner.account.adapter, CanReadManyStats):
        return _stats_calls(context, owner, link_known=link_known).times(links)
    named = list(_named_calls(context, owner, link_known=link_known))
    calls = [Cost(links // links_per_call, path=(key,)) for key, links_per_call in named]
    if calls and not link_known:
        calls.append(Cost(call_costs(owner).to_get(links), path=calls[0].path))
    return sum_costs(calls)


def _calls_for_rest(context: CostContext, owner: AccountLoaders) -> Cost:
    """Returns the cost of the calls that count the links of `owner` that fill no call."""
    named, groups = _named_calls(context, owner, link_known=True), call_costs(owner).stats_groups
    return sum_costs(Cost(groups, path=(key,)) for key, links_per_call in named if links_per_call > 1)


def _named_calls(context: CostContext, owner: AccountLoaders, *, link_known: bool) -> Iterable[tuple[str, int]]:
    """Returns the first field that needs each call, and how many links the call can count."""
    adapter, calls = owner.account.adapter, dict[str, tuple[str, int]]()
    many = adapter if isinstance(adapter, CanReadManyStats) else None
    if isinstance(adapter, CanReadStats):
        for response_key, part in _selected_parts(context, context.term):
            call = adapter.stats_call(part, link_known) if adapter.tells(part) else None
            if call is not None:
                links = 1 if many is None else many.links_per_call(part)
                first, fewest = calls.get(call, (response_key, links))
                calls[call] = (first, min(fewest, links))
    return calls.values()


def _selected_parts(context: CostContext, selecting: CostTerm) -> Iterator[tuple[str, StatsPart]]:
    """The parts that are selected in a field, also per account: both need the same calls."""
    for term in selecting.selection:
        field = term.coordinate[1]
        if not term.is_selected(context.estimator.variables):
            continue
        if field in _PARTS:
            yield term.response_key, _PARTS[field]
        elif field == "byAccount":
            yield from ((term.response_key, part) for _, part in _selected_parts(context, term))
        elif field == "breakdown":
            yield from ((term.response_key, part) for part in _breakdown_parts(context, term))


def _breakdown_parts(context: CostContext, term: CostTerm) -> Iterator[StatsPart]:
    dimension = CostContext(context.estimator, term, ()).argument("by")
    if isinstance(dimension, str) and dimension in Dimension.__members__:
        yield StatsPart(dimension)


def _clicks_of_life(context: CostContext) -> Cost:
    """The clicks of the whole life of a link that was read before."""
    return sum_costs(Cost(call_costs(owner).life_calls) for owner in accounts_with(context.owners, CanReadStats))


STATISTICS_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Link", "clicks"): _clicks_of_life,
        ("Link", "uniqueClicks"): _clicks_of_life,
        ("Link", "stats"): _stats_of_link,
        ("Query", "stats"): _merged_stats,
        # The two rules above count the calls for these fields. Here the fields only become cost terms.
        **{
            (kind, name): lambda context: context.selection_cost(context.groups)
            for kind in ("Stats", "MergedStats", "AccountStats")
            for name in ("clicks", "uniqueClicks", "botClicks", "series", "breakdown")
        },
        ("MergedStats", "byAccount"): lambda context: context.selection_cost_per_account(context.owners),
        ("MergedStats", "complete"): lambda _: FREE,
        ("Breakdown", "accounts"): lambda context: context.selection_cost_per_account(context.owners),
        ("Bucket", "counts"): lambda context: context.selection_cost_per_account(context.owners),
        ("MergedStats", "sources"): lambda context: context.selection_cost_per_account(context.owners),
    }
)
