"""What changes cost."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.lookup.existing_links import MAX_SEARCHED
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import CanListLinks
from linkweave.schema.limits.cost.cost import Cost, added
from linkweave.schema.limits.cost.cost_context import Accounts, CostContext, ObjectGroup, Rule, chosen, owned
from linkweave.schema.limits.cost.rules.common import LISTED, able, call_costs, everybody, finding, for_each

_MOST_INPUTS: Final = 1_000


def _inputs(asking: CostContext) -> list[dict[str, Any]]:
    """The objects in the argument `inputs`, or the one in `input`."""
    given = asking.argument("inputs") if "inputs" in asking.term.arguments else asking.argument("input")
    values = given if isinstance(given, list) else [given]
    return [value for value in values[:_MOST_INPUTS] if isinstance(value, dict)]


def _creating(asking: CostContext) -> Cost:
    """Each link may be refused by all of its accounts but the last, and each may look for an old one before.

    What a vendor does not tell of a new link is read.
    """
    inputs = [(chosen(everybody(asking), given.get("accounts", [])), given) for given in _inputs(asking)]
    bills = [_made_at(account, inputs) for account in everybody(asking)]
    return added([*bills, asking.each([ObjectGroup(accounts) for accounts, _ in inputs])])


def _made_at(account: AccountLoaders, inputs: list[tuple[Accounts, dict[str, Any]]]) -> Cost:
    here = [given for accounts, given in inputs if account in accounts]
    looking = sum(given.get("ifExists") not in {None, "CREATE"} for given in here)
    prices = call_costs(account)
    look = prices.to_list(MAX_SEARCHED) if able((account,), CanListLinks) else 0
    return Cost(prices.to_write(len(here), prices.create) + looking * look + prices.to_get(len(here)))


def _changing(asking: CostContext) -> Cost:
    """The changes, and reading the links as they are afterwards."""
    ids = [given.get("id") for given in _inputs(asking)]
    read = [finding(account, group.many) for group in owned(asking, ids) for account in group.accounts]
    return added([*read, _to_each(asking, ids, lambda prices: prices.update)])


def _deleting(asking: CostContext) -> Cost:
    return _to_each(asking, asking.argument("ids"), lambda prices: prices.delete)


def _resetting(asking: CostContext) -> Cost:
    return _to_each(asking, asking.argument("ids"), lambda _: 1)


def _restoring(asking: CostContext) -> Cost:
    """Bringing a link back, and reading it."""
    groups = owned(asking, asking.argument("id"))
    return added([Cost(1), *(finding(group.accounts[0], 1) for group in groups), asking.each(groups)])


def _to_each(asking: CostContext, ids: Any, price: Callable[[CallCosts], int]) -> Cost:
    groups = owned(asking, ids)
    owners = [(account, group.many) for group in groups for account in group.accounts]
    bills = [Cost(call_costs(account).to_write(many, price(call_costs(account)))) for account, many in owners]
    return added([*bills, asking.each(groups)])


def _uploading(asking: CostContext) -> Cost:
    """One call, and a link where one is asked for, which is read."""
    shorten = [given.get("shorten") for given in _inputs(asking)]
    named = [each.get("accounts", []) for each in shorten if isinstance(each, dict)]
    accounts = tuple(account for names in named for account in chosen(everybody(asking), names))
    making = Cost(sum(call_costs(account).create + call_costs(account).to_get(1) for account in accounts))
    return added([Cost(1), making, asking.inside([ObjectGroup(accounts or everybody(asking))])])


def _forgetting(asking: CostContext) -> Cost:
    """Forgetting what is cached asks nobody; what is selected of the accounts does."""
    return asking.inside([ObjectGroup(chosen(everybody(asking), asking.argument("accounts")))])


def _one_call(asking: CostContext) -> Cost:
    return added([Cost(1), asking.each([ObjectGroup(everybody(asking))])])


WRITING_PRICES: Final[Mapping[tuple[str, str], Rule]] = MappingProxyType(
    {
        ("Mutation", "createLink"): _creating,
        ("Mutation", "createLinks"): _creating,
        ("Mutation", "updateLink"): _changing,
        ("Mutation", "updateLinks"): _changing,
        ("Mutation", "deleteLinks"): _deleting,
        ("Mutation", "restoreLink"): _restoring,
        ("Mutation", "resetStats"): _resetting,
        ("Mutation", "deleteWebhooks"): _deleting,
        ("Mutation", "uploadFile"): _uploading,
        ("Mutation", "refresh"): _forgetting,
        ("RefreshPayload", "accounts"): lambda asking: for_each(asking, asking.owners),
        ("TrackerPayload", "trackers"): lambda asking: asking.each([ObjectGroup(asking.owners, LISTED)]),
        **{
            ("Mutation", name): _one_call
            for name in (
                "createTag",
                "renameTag",
                "deleteTag",
                "createWebhook",
                "updateWebhook",
                "addTracker",
                "removeTracker",
                "reportAbuse",
            )
        },
    }
)
