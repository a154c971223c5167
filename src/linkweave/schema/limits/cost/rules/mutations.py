"""The costs of mutations."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.lookup.existing_links import MAX_SEARCHED
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import CanListLinks
from linkweave.schema.limits.cost.cost import Cost, sum_costs
from linkweave.schema.limits.cost.cost_context import (
    Accounts,
    CostContext,
    CostRule,
    ObjectGroup,
    accounts_with,
    group_by_owner,
    select_accounts,
)
from linkweave.schema.limits.cost.rules.call_costs import ASSUMED_LIST_LENGTH, call_costs, lookup_cost

_MAX_INPUTS: Final = 1_000
_LISTEN_CALLS: Final = 10


def _inputs(context: CostContext) -> list[dict[str, Any]]:
    """Returns the objects in the argument `inputs`, or the one in `input`."""
    name = "inputs" if "inputs" in context.term.arguments else "input"
    argument = context.argument(name)
    values = argument if isinstance(argument, list) else [argument]
    return [value for value in values[:_MAX_INPUTS] if isinstance(value, dict)]


def _create(context: CostContext) -> Cost:
    """Every account of a link may be tried, and each may search for an existing link first."""
    inputs = [(select_accounts(context.all_accounts, each.get("accounts", [])), each) for each in _inputs(context)]
    costs = [_create_at(account, inputs) for account in context.all_accounts]
    return sum_costs([*costs, context.selection_cost_per_object([ObjectGroup(accounts) for accounts, _ in inputs])])


def _create_at(account: AccountLoaders, inputs: list[tuple[Accounts, dict[str, Any]]]) -> Cost:
    """The calls that create links, search for existing ones, and read what the vendor's answers do not contain."""
    here = [each for accounts, each in inputs if account in accounts]
    searches = sum(each.get("ifExists") not in {None, "CREATE"} for each in here)
    calls = call_costs(account)
    search = calls.to_list(MAX_SEARCHED) if accounts_with((account,), CanListLinks) else 0
    if account.account.adapter.read_lag:
        # A link that lists do not show yet is read by its handle.
        search += calls.to_get(1)
    return Cost(calls.to_write(len(here), calls.create) + searches * search + calls.to_get(len(here)))


def _update(context: CostContext) -> Cost:
    """The changes, and reading the links afterwards."""
    ids = [each.get("id") for each in _inputs(context)]
    groups = group_by_owner(context, ids)
    reads = [lookup_cost(account, group.count) for group in groups for account in group.accounts]
    return sum_costs([*reads, _write_each(context, ids, lambda calls: calls.update)])


def _delete(context: CostContext) -> Cost:
    return _write_each(context, context.argument("ids"), lambda calls: calls.delete)


def _reset_stats(context: CostContext) -> Cost:
    return _write_each(context, context.argument("ids"), lambda _: 1)


def _restore(context: CostContext) -> Cost:
    """Restoring a link, and reading it."""
    groups = group_by_owner(context, context.argument("id"))
    reads = (lookup_cost(group.accounts[0], 1) for group in groups)
    return sum_costs([Cost(1), *reads, context.selection_cost_per_object(groups)])


def _write_each(context: CostContext, ids: Any, calls_per_object: Callable[[CallCosts], int]) -> Cost:
    groups = group_by_owner(context, ids)
    owners = [(call_costs(account), group.count) for group in groups for account in group.accounts]
    costs = [Cost(calls.to_write(count, calls_per_object(calls))) for calls, count in owners]
    return sum_costs([*costs, context.selection_cost_per_object(groups)])


def _upload(context: CostContext) -> Cost:
    """One call for the file. A short link takes the calls that create and read it."""
    shorten = [each.get("shorten") for each in _inputs(context)]
    lists = [each.get("accounts", []) for each in shorten if isinstance(each, dict)]
    accounts = tuple(account for ids in lists for account in select_accounts(context.all_accounts, ids))
    link = Cost(sum(call_costs(account).create + call_costs(account).to_get(1) for account in accounts))
    return sum_costs([Cost(1), link, context.selection_cost([ObjectGroup(accounts or context.all_accounts)])])


def _refresh(context: CostContext) -> Cost:
    """Clearing the cache makes no call. The selected fields of the accounts may."""
    return context.selection_cost([ObjectGroup(select_accounts(context.all_accounts, context.argument("accounts")))])


def _one_call(context: CostContext) -> Cost:
    return sum_costs([Cost(1), context.selection_cost_per_object([ObjectGroup(context.all_accounts)])])


def _listen(context: CostContext) -> Cost:
    """Reading places and webhooks, and a change for each place: at some vendors each domain is one."""
    return sum_costs([Cost(_LISTEN_CALLS), context.selection_cost_per_object([ObjectGroup(context.all_accounts)])])


MUTATION_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Mutation", "createLink"): _create,
        ("Mutation", "createLinks"): _create,
        ("Mutation", "updateLink"): _update,
        ("Mutation", "updateLinks"): _update,
        ("Mutation", "deleteLinks"): _delete,
        ("Mutation", "restoreLink"): _restore,
        ("Mutation", "resetStats"): _reset_stats,
        ("Mutation", "deleteWebhooks"): _delete,
        ("Mutation", "updateWebhooks"): _one_call,
        ("Mutation", "uploadFile"): _upload,
        ("Mutation", "listen"): _listen,
        ("Mutation", "unlisten"): _listen,
        ("Mutation", "refresh"): _refresh,
        ("RefreshPayload", "accounts"): lambda context: context.selection_cost_per_account(context.owners),
        ("TrackerPayload", "trackers"): lambda context: context.selection_cost_per_object(
            [ObjectGroup(context.owners, ASSUMED_LIST_LENGTH)]
        ),
        **{
            ("Mutation", name): _one_call
            for name in (
                "updateLinksByTag",
                "deleteLinksByTag",
                "resetStatsByTag",
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
