"""What it costs to find things by their ids."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from linkweave.gather.host_names import host_key
from linkweave.providers.read_capabilities import CanListTags
from linkweave.schema.limits.cost.cost import FREE, Cost, added, worst
from linkweave.schema.limits.cost.cost_context import Accounts, CostContext, ObjectGroup, Rule, owned
from linkweave.schema.limits.cost.rules.common import able, everybody, facts, finding, listing

# A webhook is searched page by page; so many pages are reckoned with.
_SEARCHED_PAGES: Final = 10
_LISTED: Final = MappingProxyType({"Campaign": "campaigns", "Domain": "domains", "Team": "teams"})


def _by_ids(asking: CostContext, ids: Any) -> Cost:
    groups = owned(asking, ids)
    return added([*map(_found, groups), asking.each(groups)])


def _found(group: ObjectGroup) -> Cost:
    listed = _LISTED.get(group.kind or "")
    if listed is not None:
        return facts(listed, group.accounts)
    if group.kind == "Link":
        return finding(group.accounts[0], group.many)
    if group.kind == "Tag":
        return _tags(group.accounts, group.many)
    return Cost({"Tracker": 1, "Webhook": _SEARCHED_PAGES}.get(group.kind or "", 0) * group.many)


def _tags(accounts: Accounts, many: int) -> Cost:
    """Accounts that have tags and no list of them are looked through for a link with each tag."""
    telling = able(accounts, CanListTags)
    silent = tuple(account for account in accounts if account not in telling)
    return added([facts("tags", accounts), listing(silent, 1, filtered=True).times(many)])


def _link(asking: CostContext) -> Cost:
    if asking.argument("id") is not None:
        return _by_ids(asking, asking.argument("id"))
    owners, asked = _owners(everybody(asking), asking.argument("shortUrl"))
    return added([asked, worst(added([finding(each, 1), asking.inside([ObjectGroup((each,))])]) for each in owners)])


def _owners(accounts: Accounts, short_url: Any) -> tuple[Accounts, Cost]:
    """Who may have the link behind a short URL, and what it costs to learn that."""
    try:
        host = host_key(urlsplit(short_url).hostname or "") if isinstance(short_url, str) else ""
    except ValueError:
        return (), FREE
    named = tuple(each for each in accounts if host in map(host_key, each.account.settings.domains))
    return (named, FREE) if named else (accounts, facts("domains", accounts))


NODE_PRICES: Final[Mapping[tuple[str, str], Rule]] = MappingProxyType(
    {
        ("Query", "node"): lambda asking: _by_ids(asking, asking.argument("id")),
        ("Query", "nodes"): lambda asking: _by_ids(asking, asking.argument("ids")),
        ("Query", "link"): _link,
        ("WebhookTarget", "link"): lambda asking: added(
            [*(finding(account, 1) for account in asking.owners), asking.inside(asking.groups)]
        ),
    }
)
