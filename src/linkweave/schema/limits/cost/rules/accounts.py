"""The costs of accounts and of what they have besides links."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.listing.link_query import MAX_FIRST
from linkweave.providers.read_capabilities import CanListTrackers, CanListWebhooks, CanReportExternalIdUsage
from linkweave.schema.limits.cost.cost import FREE, Cost, sum_costs
from linkweave.schema.limits.cost.cost_context import (
    CostContext,
    CostRule,
    ObjectGroup,
    accounts_with,
    select_accounts,
)
from linkweave.schema.limits.cost.rules.call_costs import (
    ASSUMED_LIST_LENGTH,
    shared_call_cost,
    shared_call_rule,
    shared_list_rule,
)

_DEFAULT_LABELS: Final = 50
_DEFAULT_WEBHOOKS: Final = 20
_DOMAIN_FIELDS: Final = (
    "kind",
    "isDefault",
    "https",
    "active",
    "team",
    "redirectStatus",
    "slugCharacters",
    "slugGeneration",
    "rootRedirect",
    "notFoundRedirect",
)


def _accounts(context: CostContext) -> Cost:
    accounts = select_accounts(context.all_accounts, None, context.argument("providers"))
    return context.selection_cost_per_account(accounts)


def _account(context: CostContext) -> Cost:
    key = context.argument("key")
    return context.selection_cost_per_account(tuple(each for each in context.all_accounts if each.key == key))


def _accounts_of_provider(context: CostContext) -> Cost:
    providers = {account.account.provider.id for account in context.owners}
    accounts = tuple(each for each in context.all_accounts if each.account.provider.id in providers)
    return context.selection_cost_per_account(accounts)


def _merged_list_rule(call: str) -> CostRule:
    """Returns the rule of a list that is merged from the lists of several accounts."""

    def cost(context: CostContext) -> Cost:
        accounts = select_accounts(context.all_accounts, context.argument("accounts"))
        first = context.int_argument("first", _DEFAULT_LABELS, MAX_FIRST)
        return sum_costs([shared_call_cost(call, accounts), context.selection_cost([ObjectGroup(accounts, first)])])

    return cost


def _accounts_of_tag(context: CostContext) -> Cost:
    accounts = context.all_accounts
    return sum_costs([shared_call_cost("tags", accounts), context.selection_cost_per_account(accounts)])


def _trackers(context: CostContext) -> Cost:
    """One call for the list of a team. Otherwise the catalogue, the list of teams, and one list per team."""
    able = accounts_with(context.owners, CanListTrackers)
    lists = 1 if context.argument("team") is not None else 2 + ASSUMED_LIST_LENGTH
    listed = ObjectGroup(able, ASSUMED_LIST_LENGTH)
    return sum_costs([Cost(lists), context.selection_cost_per_object([listed])]) if able else FREE


def _webhooks(context: CostContext) -> Cost:
    able = accounts_with(context.owners, CanListWebhooks)
    first = context.int_argument("first", _DEFAULT_WEBHOOKS, MAX_FIRST)
    return sum_costs([Cost(1), context.selection_cost([ObjectGroup(able, first)])]) if able else FREE


ACCOUNT_RULES: Final[Mapping[tuple[str, str], CostRule]] = MappingProxyType(
    {
        ("Query", "accounts"): _accounts,
        ("Query", "account"): _account,
        # It reads the gateway's own database.
        ("Query", "catalog"): lambda context: context.selection_cost([ObjectGroup(context.all_accounts)]),
        ("Catalog", "accounts"): lambda context: context.selection_cost_per_account(context.all_accounts),
        ("Query", "providers"): lambda context: context.selection_cost([ObjectGroup(context.all_accounts)]),
        ("Query", "tags"): _merged_list_rule("tags"),
        ("Query", "domains"): _merged_list_rule("domains"),
        ("Provider", "accounts"): _accounts_of_provider,
        ("Account", "plan"): shared_call_rule("usage"),
        ("Account", "quotas"): shared_call_rule("usage"),
        ("Account", "user"): shared_call_rule("usage"),
        ("Account", "externalIdUsage"): lambda context: Cost(
            len(accounts_with(context.owners, CanReportExternalIdUsage))
        ),
        ("Account", "domains"): shared_list_rule("domains"),
        ("Account", "tags"): shared_list_rule("tags"),
        ("Account", "teams"): shared_list_rule("teams"),
        ("Account", "campaigns"): shared_list_rule("campaigns"),
        ("Account", "trackers"): _trackers,
        ("Account", "trackingPresets"): shared_call_rule("tracking presets"),
        ("Account", "webhooks"): _webhooks,
        ("Tag", "accounts"): _accounts_of_tag,
        ("Team", "name"): shared_call_rule("teams"),
        ("Campaign", "name"): shared_call_rule("campaigns"),
        ("Campaign", "team"): shared_call_rule("campaigns"),
        **{("Domain", name): shared_call_rule("domains") for name in _DOMAIN_FIELDS},
        **{
            (f"{kind}Connection", name): lambda context: context.selection_cost_per_object(context.groups)
            for kind in ("Tag", "Domain", "Webhook")
            for name in ("nodes", "edges")
        },
        ("TagConnection", "sources"): lambda context: context.selection_cost_per_account(context.owners),
        ("DomainConnection", "sources"): lambda context: context.selection_cost_per_account(context.owners),
    }
)
