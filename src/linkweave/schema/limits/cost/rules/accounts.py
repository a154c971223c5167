"""What is asked of accounts beside their links: mostly once, however often it is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.gather.listing.link_pages import MAX_FIRST
from linkweave.providers.read_capabilities import CanListTrackers, CanListWebhooks, CanReportExternalIdUsage
from linkweave.schema.limits.cost.cost import FREE, Cost, added
from linkweave.schema.limits.cost.cost_context import CostContext, ObjectGroup, Rule, chosen
from linkweave.schema.limits.cost.rules.common import LISTED, able, everybody, fact, fact_list, facts, for_each

_DEFAULT_LABELS: Final = 50
_DEFAULT_WEBHOOKS: Final = 20
_OF_DOMAIN: Final = (
    "kind",
    "isDefault",
    "https",
    "active",
    "team",
    "redirectStatus",
    "rootRedirect",
    "notFoundRedirect",
)


def _account(asking: CostContext) -> Cost:
    key = asking.argument("key")
    return for_each(asking, tuple(each for each in everybody(asking) if each.key == key))


def _accounts_of_provider(asking: CostContext) -> Cost:
    at = {account.account.provider.id for account in asking.owners}
    return for_each(asking, tuple(each for each in everybody(asking) if each.account.provider.id in at))


def _merged(what: str) -> Rule:
    """A list that is put together from those of several accounts."""

    def price(asking: CostContext) -> Cost:
        accounts = chosen(everybody(asking), asking.argument("accounts"))
        first = asking.number("first", _DEFAULT_LABELS, MAX_FIRST)
        return added([facts(what, accounts), asking.inside([ObjectGroup(accounts, first)])])

    return price


def _accounts_of_tag(asking: CostContext) -> Cost:
    return added([facts("tags", everybody(asking)), for_each(asking, everybody(asking))])


def _trackers(asking: CostContext) -> Cost:
    """A team's list; or the catalogue, the list of teams, and one of each team."""
    telling = able(asking.owners, CanListTrackers)
    lists = 1 if asking.argument("team") is not None else 2 + LISTED
    return added([Cost(lists), asking.each([ObjectGroup(telling, LISTED)])]) if telling else FREE


def _webhooks(asking: CostContext) -> Cost:
    telling = able(asking.owners, CanListWebhooks)
    first = asking.number("first", _DEFAULT_WEBHOOKS, MAX_FIRST)
    return added([Cost(1), asking.inside([ObjectGroup(telling, first)])]) if telling else FREE


ACCOUNT_PRICES: Final[Mapping[tuple[str, str], Rule]] = MappingProxyType(
    {
        ("Query", "accounts"): lambda asking: for_each(
            asking, chosen(everybody(asking), None, asking.argument("providers"))
        ),
        ("Query", "account"): _account,
        ("Query", "providers"): lambda asking: asking.inside([ObjectGroup(everybody(asking))]),
        ("Query", "tags"): _merged("tags"),
        ("Query", "domains"): _merged("domains"),
        ("Provider", "accounts"): _accounts_of_provider,
        ("Account", "plan"): fact("usage"),
        ("Account", "quotas"): fact("usage"),
        ("Account", "externalIdUsage"): lambda asking: Cost(len(able(asking.owners, CanReportExternalIdUsage))),
        ("Account", "domains"): fact_list("domains"),
        ("Account", "tags"): fact_list("tags"),
        ("Account", "teams"): fact_list("teams"),
        ("Account", "campaigns"): fact_list("campaigns"),
        ("Account", "trackers"): _trackers,
        ("Account", "trackingPresets"): fact("tracking presets"),
        ("Account", "webhooks"): _webhooks,
        ("Tag", "accounts"): _accounts_of_tag,
        ("Team", "name"): fact("teams"),
        ("Campaign", "name"): fact("campaigns"),
        ("Campaign", "team"): fact("campaigns"),
        **{("Domain", name): fact("domains") for name in _OF_DOMAIN},
        **{
            (f"{kind}Connection", name): lambda asking: asking.each(asking.groups)
            for kind in ("Tag", "Domain", "Webhook")
            for name in ("nodes", "edges")
        },
        ("TagConnection", "sources"): lambda asking: for_each(asking, asking.owners),
        ("DomainConnection", "sources"): lambda asking: for_each(asking, asking.owners),
    }
)
