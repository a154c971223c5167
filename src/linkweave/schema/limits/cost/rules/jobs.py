"""The costs of plans of copies, and of jobs. A job itself runs after its request, within the vendors' limits."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_query import MAX_FIRST
from linkweave.jobs.copying.account_links import MAX_LIVE
from linkweave.jobs.importing.import_links import MAX_IMPORTED
from linkweave.providers.read_capabilities import CanListDomains, CanListLinks, CanReportUsage
from linkweave.schema.limits.cost.cost import FREE, Cost, sum_costs
from linkweave.schema.limits.cost.cost_context import (
    CostContext,
    CostRule,
    ObjectGroup,
    accounts_with,
    select_accounts,
)
from linkweave.schema.limits.cost.rules.call_costs import call_costs, lookup_cost

_DEFAULT_JOBS: Final = 20


def _plan_copy(context: CostContext) -> Cost:
    """The links of both accounts as far as they are read live, and the domains and counters of the target."""
    given = context.argument("input")
    source, target = (_account(context, given, name) for name in ("from", "to"))
    reads = [call_costs(account).to_list(MAX_LIVE) for account in accounts_with((*source, *target), CanListLinks)]
    domains = [call_costs(account).domains for account in accounts_with(target, CanListDomains)]
    usage = len(accounts_with(target, CanReportUsage))
    calls = Cost(sum(reads) + sum(domains) + usage)
    return sum_costs([calls, context.selection_cost([ObjectGroup((*source, *target))])])


def _import_links(context: CostContext) -> Cost:
    given = context.argument("input")
    account = _account(context, given, "account")
    urls = given.get("shortUrls") if isinstance(given, dict) else None
    count = min(len(urls), MAX_IMPORTED) if isinstance(urls, list) else 0
    lookups = (lookup_cost(each, 1).times(count) for each in account)
    return sum_costs([*lookups, context.selection_cost_per_object([ObjectGroup(account, count)])])


def _account(context: CostContext, given: Any, name: str) -> tuple[AccountLoaders, ...]:
    key = given.get(name) if isinstance(given, dict) else None
    return select_accounts(context.all_accounts, [key])


def _of_any_account(context: CostContext) -> Cost:
    return context.selection_cost([ObjectGroup(context.all_accounts)])


def _jobs(context: CostContext) -> Cost:
    first = context.int_argument("first", _DEFAULT_JOBS, MAX_FIRST)
    return context.selection_cost([ObjectGroup(context.all_accounts, first)])


def _accounts_of(context: CostContext) -> Cost:
    """An account of a job or plan may be any: only one of its two accounts is in its ID."""
    return context.selection_cost_per_account(context.all_accounts)


JOB_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Query", "job"): _of_any_account,
        ("Subscription", "job"): _of_any_account,
        ("Query", "jobs"): _jobs,
        # The database of the catalog is no vendor, and neither is a subscriber.
        ("Query", "subscribers"): lambda _: FREE,
        ("Subscriber", "waiting"): lambda _: FREE,
        **{("Mutation", f"{name}Subscriber"): _of_any_account for name in ("create", "delete", "resume", "test")},
        ("Mutation", "planCopy"): _plan_copy,
        ("Mutation", "importLinks"): _import_links,
        ("Mutation", "startCopy"): _of_any_account,
        ("Mutation", "cancelJob"): _of_any_account,
        ("Mutation", "resumeJob"): _of_any_account,
        **{(kind, name): _accounts_of for kind in ("CopyPlan", "Job") for name in ("from", "to")},
        # The database of the catalog is no vendor.
        **{
            coordinate: lambda _: FREE for coordinate in (("CopyPlan", "rows"), ("CopyPlan", "counts"), ("Job", "rows"))
        },
    }
)
