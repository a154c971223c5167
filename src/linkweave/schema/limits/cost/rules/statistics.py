"""What statistics cost: parts that a vendor tells together cost one call together, for each link."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import SERIES, TOTALS, Dimension, StatsPart
from linkweave.providers.read_capabilities import CanListLinks, CanReadStats
from linkweave.schema.limits.cost.cost import Cost, added, worst
from linkweave.schema.limits.cost.cost_context import CostContext, ObjectGroup, Rule, owned
from linkweave.schema.limits.cost.document_costs import CostTerm
from linkweave.schema.limits.cost.rules.common import able, call_costs, everybody, for_each, listing
from linkweave.schema.limits.cost.rules.links import filtered_accounts

MAX_COUNTED: Final = 1_000

_PARTS: Final[Mapping[str, StatsPart]] = MappingProxyType(
    {"clicks": TOTALS, "uniqueClicks": TOTALS, "botClicks": TOTALS, "byAccount": TOTALS, "series": SERIES}
)


def _of_link(asking: CostContext) -> Cost:
    """Of one link that was read before."""
    return added([*(_asked(asking, owner, known=True) for owner in asking.owners), asking.inside(asking.groups)])


def _of_links(asking: CostContext) -> Cost:
    """Of the links that are named, or of at most MAX_COUNTED that are listed first."""
    if asking.argument("links") is not None:
        groups = owned(asking, asking.argument("links"))
        return added([*(_counted(asking, group, known=False) for group in groups), asking.inside(groups)])
    accounts, filtered = filtered_accounts(asking, everybody(asking))
    group = ObjectGroup(able(accounts, CanListLinks), MAX_COUNTED)
    listed = listing(accounts, MAX_COUNTED, filtered=filtered)
    return added([listed, _counted(asking, group, known=True), asking.inside([group])])


def _counted(asking: CostContext, group: ObjectGroup, *, known: bool) -> Cost:
    return worst(_asked(asking, owner, known=known) for owner in group.accounts).times(group.many)


def _asked(asking: CostContext, owner: AccountLoaders, *, known: bool) -> Cost:
    """The questions to which the selected parts come for one link, each told where it is selected first."""
    adapter, asked = owner.account.adapter, dict[str, str]()
    if isinstance(adapter, CanReadStats):
        for name, part in _selected(asking):
            tells = part.dimension is None or part.dimension in adapter.stats_dimensions
            question = call_costs(owner).stats_call(part, known) if tells else None
            if question is not None:
                asked.setdefault(question, name)
    return added(Cost(1, path=(name,)) for name in asked.values())


def _selected(asking: CostContext) -> Iterator[tuple[str, StatsPart]]:
    for term in asking.term.inside:
        field = term.place[1]
        if not term.is_read(asking.request.variables):
            continue
        if field in _PARTS:
            yield term.name, _PARTS[field]
        elif field == "breakdown":
            yield from ((term.name, part) for part in _dimensions(asking, term))


def _dimensions(asking: CostContext, term: CostTerm) -> Iterator[StatsPart]:
    by = CostContext(asking.request, term, ()).argument("by")
    if isinstance(by, str) and by in Dimension.__members__:
        yield StatsPart(by)


STATS_PRICES: Final[Mapping[tuple[str, str], Rule]] = MappingProxyType(
    {
        ("Link", "stats"): _of_link,
        ("Query", "stats"): _of_links,
        # These are paid for with the field that they are in. Here they are only known to matter.
        **{
            (kind, name): lambda asking: asking.inside(asking.groups)
            for kind in ("Stats", "MergedStats")
            for name in ("clicks", "uniqueClicks", "botClicks", "series", "breakdown")
        },
        ("MergedStats", "byAccount"): lambda asking: for_each(asking, asking.owners),
        ("MergedStats", "sources"): lambda asking: for_each(asking, asking.owners),
    }
)
