"""A failing vendor costs only its own data. Every other field of a response is as it is without the fault."""

import asyncio
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from harness.gateway import UNCACHED, CutFor, five_providers, open_gateway
from harness.vendor_faults import FAULTS, OTHER_STATUSES, PROVIDER, SHORT_FAULTS, a_link_of
from linkweave.providers.discovery import discover

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """A query whose data at some paths comes from one endpoint of an account's vendor.

    `changed` has what the fault leaves at these paths. `errors` are the paths of the errors. With `by_id`, the query
    takes the ID of one of the account's links.
    """

    account: str
    endpoint: str
    query: str
    changed: Mapping[Path, Any]
    errors: tuple[Path, ...] = ()
    by_id: bool = False
    sources: Mapping[Path, str] = field(default_factory=dict)

    @property
    def error_paths(self) -> tuple[Path, ...]:
        return self.errors or tuple(self.changed)

    def expected(self, healthy: Any, code: str) -> Any:
        data = deepcopy(healthy)
        failed = {path: {"status": status, "error": {"code": code}} for path, status in self.sources.items()}
        for (*steps, last), value in {**self.changed, **failed}.items():
            at = data
            for step in steps:
                at = at[step]
            at[last] = value
        return data


def account_field(account: str, selection: str, endpoint: str = "", empty: Any = None) -> Place:
    name = selection.split(maxsplit=1)[0]
    query = f'{{ account(key: "{account}") {{ key {selection} }} accounts {{ key label }} }}'
    return Place(account, endpoint, query, {("account", name): empty})


def link_by_id(account: str) -> Place:
    query = "query ($id: ID!) { link(id: $id) { slug } node(id: $id) { id } accounts { key } }"
    return Place(account, "", query, {("link",): None, ("node",): None}, by_id=True)


def link_stats(account: str, endpoint: str) -> Place:
    query = """query ($id: ID!) { link(id: $id) { slug stats(range: { from: "2026-11-01", to: "2026-11-15" }) {
      clicks series { date } breakdown(by: COUNTRY) { by } sources { status error { code } } } } }"""
    changed: dict[Path, Any] = {("link", "stats", name): None for name in ("clicks", "series", "breakdown")}
    return Place(account, endpoint, query, changed, by_id=True, sources={("link", "stats", "sources", 0): "FAILED"})


LINK_PLACES = {f"link-{account}": link_by_id(account) for account in PROVIDER}
PLACES = {
    "plan-picsee": account_field("picsee-main", "plan { name }", "/v2/my/api/status"),
    "usage-picsee": account_field("picsee-main", "externalIdUsage { links }", "/v4/my/api/usage"),
    "domains-picsee": account_field("picsee-main", "domains { name }", "/v4/my/api/domains"),
    "tags-picsee": account_field("picsee-main", "tags { name }", "/v4/my/api/tags"),
    "presets-picsee": account_field("picsee-main", "trackingPresets { utmSources }", "/v4/my/api/trackingTools"),
    "plan-tinycc": account_field("tinycc", "plan { name }", "/account"),
    "domains-tinycc": account_field("tinycc", "domains { name }", "/domains"),
    "tags-tinycc": account_field("tinycc", "tags { name }", "/tags"),
    "webhooks-tinycc": account_field("tinycc", "webhooks { nodes { url } }", "/webhooks"),
    "domains-shortenworld": account_field("shortenworld", "domains { name }", "/entity/domain/list"),
    "teams-shortenworld": account_field("shortenworld", "teams { name }", "/entity/team/list"),
    "campaigns-shortenworld": account_field("shortenworld", "campaigns { name }", "/entity/campaign/list"),
    "trackers-shortenworld": account_field("shortenworld", "trackers { name }", "/entity/tracker/list"),
    # The list of quotas is not nullable. It is empty, and the error is at its path.
    "quotas-picsee": account_field("picsee-main", "quotas { name }", empty=[]),
    "quotas-tinycc": account_field("tinycc", "quotas { name }", empty=[]),
    "plan-and-quotas": Place(
        "tinycc",
        "",
        '{ account(key: "tinycc") { key plan { name } quotas { name } } }',
        {("account", "plan"): None, ("account", "quotas"): []},
    ),
    "domain-of-link": Place(
        "picsee-main",
        "/domains",
        '{ account(key: "picsee-main") { links(first: 1) { nodes { shortUrl domain { name kind } } } } }',
        {("account", "links", "nodes", 0, "domain", "kind"): None},
    ),
    # The name of a team is not nullable, so the team is null.
    "team-of-link": Place(
        "shortenworld",
        "/team/list",
        '{ account(key: "shortenworld") { links(first: 1) { nodes { shortUrl team { name } } } } }',
        {("account", "links", "nodes", 0, "team"): None},
        (("account", "links", "nodes", 0, "team", "name"),),
    ),
    "link-by-short-url": Place(
        "cuttly", "", '{ link(shortUrl: "https://cutt.ly/spring-sale") { slug } accounts { key } }', {("link",): None}
    ),
    "stats-picsee": link_stats("picsee-main", "/details/"),
    "stats-shortenworld": link_stats("shortenworld", "/analytics"),
    "one-breakdown": Place(
        "picsee-main",
        "/details/referrers",
        """query ($id: ID!) { link(id: $id) { stats {
          clicks
          countries: breakdown(by: COUNTRY) { buckets { key } }
          referrers: breakdown(by: REFERRER) { buckets { key } }
          sources { status error { code } } } } }""",
        {("link", "stats", "referrers"): None},
        by_id=True,
        sources={("link", "stats", "sources", 0): "PARTIAL"},
    ),
    "merged-stats": Place(
        "shortenworld",
        "/analytics",
        """query ($id: ID!) { stats(links: [$id], range: { from: "2026-11-01", to: "2026-11-15" }) {
          clicks links sources { status error { code } } } }""",
        {("stats", "clicks"): None},
        by_id=True,
        sources={("stats", "sources", 0): "FAILED"},
    ),
}
CASES = [(place, fault) for place in PLACES for fault in ("delay", "truncated", "429")]
CASES += [(place, fault) for place in LINK_PLACES for fault in FAULTS]


@pytest.mark.parametrize(("place_name", "fault_name"), CASES)
async def test_a_fault_changes_only_the_fields_of_its_endpoint(place_name: str, fault_name: str) -> None:
    place, fault = {**PLACES, **LINK_PLACES}[place_name], FAULTS[fault_name]
    gateway = open_gateway(sections=UNCACHED)
    variables = {"id": await a_link_of(gateway, place.account)} if place.by_id else {}
    healthy = await gateway.data(place.query, **variables)
    fault.inject(gateway, PROVIDER[place.account], **({"path": place.endpoint} if place.endpoint else {}))
    gateway.forget_calls()
    reply = await gateway.ask(place.query, **variables)
    assert reply.data == place.expected(healthy, fault.code)
    assert reply.failing_paths() == dict.fromkeys(place.error_paths, fault.code)
    assert {error["extensions"]["account"] for error in reply.errors} == {place.account}
    assert all(error["locations"] for error in reply.errors)
    assert len(gateway.calls()[PROVIDER[place.account]]) <= 6


KNOWN = discover()
NEWER = sorted(KNOWN.keys() - five_providers().keys())
OF_BOTH = """query ($id: ID!) {
  link(id: $id) { slug clicks }
  links(first: 20) { nodes { account { key } } sources { account { key } status error { code } } }
  account(key: "tinycc") { domains { name } }
}"""


@pytest.mark.parametrize("fault_name", ["delay", "truncated", "429"])
@pytest.mark.parametrize("broken", NEWER)
async def test_a_fault_of_any_other_vendor_costs_its_own_links_alone(broken: str, fault_name: str) -> None:
    gateway = open_gateway(providers={name: KNOWN[name] for name in (broken, "tinycc")}, sections=UNCACHED)
    key, fault = KNOWN[broken].sandbox_accounts[0].key, FAULTS[fault_name]
    of_one = f'{{ account(key: "{key}") {{ links(first: 1) {{ nodes {{ id }} }} }} }}'
    (link,) = (await gateway.data(of_one))["account"]["links"]["nodes"]
    healthy = await gateway.data(OF_BOTH, id=link["id"])
    fault.inject(gateway, broken)
    gateway.forget_calls()
    reply = await gateway.ask(OF_BOTH, id=link["id"])
    assert reply.failing_paths() == {("link",): fault.code}
    assert (reply.data["link"], reply.data["account"]) == (None, healthy["account"])
    assert {node["account"]["key"] for node in reply.data["links"]["nodes"]} == {"tinycc"}
    sources = {each["account"]["key"]: (each["status"], each["error"]) for each in reply.data["links"]["sources"]}
    assert sources == {key: ("FAILED", {"code": fault.code}), "tinycc": ("OK", None)}
    assert 1 <= len(gateway.calls()[broken]) <= 12


async def test_statistics_of_cuttly_fail_although_the_same_endpoint_returned_the_link() -> None:
    gateway = open_gateway(
        around=lambda wire: CutFor(wire, lambda request: b"date_from=2026-11-01" in request.url.query)
    )
    query = """{ link(shortUrl: "https://cutt.ly/spring-sale") {
      title stats { clicks }
      early: stats(range: { from: "2026-11-01", to: "2026-11-15" }) { clicks sources { status error { code } } } } }"""
    reply = await gateway.ask(query)
    assert reply.data["link"]["title"]
    assert reply.data["link"]["stats"]["clicks"] > 0
    failed = {"status": "FAILED", "error": {"code": "UNAVAILABLE"}}
    assert reply.data["link"]["early"] == {"clicks": None, "sources": [failed]}
    assert reply.failing_paths() == {("link", "early", "clicks"): "UNAVAILABLE"}


# Each list over all accounts, and the providers that support it.
LISTS = {
    "links": {"picsee", "shortenworld", "tinycc"},
    "tags": {"picsee", "tinycc"},
    "domains": {"picsee", "shortenworld", "tinycc"},
}
LIST_CASES = [("links", provider, fault) for provider in LISTS["links"] for fault in {**FAULTS, **OTHER_STATUSES}]
LIST_CASES += [(name, each, fault) for name in ("tags", "domains") for each in LISTS[name] for fault in ("drip", "500")]
SECRETS = ("sandbox-picsee-token", "sandbox-shortenworld-key", "sandbox-tinycc-key", "sandbox-print")


@pytest.mark.parametrize(("name", "broken", "fault_name"), sorted(LIST_CASES))
async def test_a_merged_list_has_the_items_of_the_other_accounts_and_says_which_failed(
    name: str, broken: str, fault_name: str
) -> None:
    gateway, fault = open_gateway(), {**FAULTS, **OTHER_STATUSES}[fault_name]
    fault.inject(gateway, broken)
    first = 20 if name == "links" else 100
    query = f"""{{ {name}(first: {first}) {{ nodes {{ id }} pageInfo {{ hasNextPage }} sources {{
      account {{ key provider {{ id }} }} status returned exhausted fetchedAt error {{ code message }} }} }} }}"""
    page = (await gateway.data(query))[name]
    sources = {source["account"]["provider"]["id"]: source for source in page["sources"]}
    statuses = {provider: "OK" if provider in LISTS[name] else "UNSUPPORTED" for provider in sources}
    assert {provider: source["status"] for provider, source in sources.items()} == {**statuses, broken: "FAILED"}
    failed = sources[broken]
    assert (failed["returned"], failed["exhausted"], failed["fetchedAt"]) == (0, False, None)
    assert failed["error"]["code"] == fault.code
    assert failed["account"]["key"] in failed["error"]["message"]
    assert not [secret for secret in (*SECRETS, "http://", "Maintenance") if secret in failed["error"]["message"]]
    assert page["nodes"]
    assert all(sources[other]["returned"] for other in LISTS[name] - {broken})
    assert page["pageInfo"]["hasNextPage"] is (name == "links")
    assert 1 <= len(gateway.calls()[broken]) <= 6


@pytest.mark.parametrize("broken", ["picsee", "shortenworld", "tinycc"])
async def test_merged_sums_without_an_account_are_null_unless_the_caller_allows_it(broken: str) -> None:
    query = """query ($accounts: [ID!], $allowed: Boolean! = false) {
      stats(filter: { tags: { any: ["webinar"] }, accounts: $accounts }, allowIncomplete: $allowed) {
        clicks series { date clicks } breakdown(by: COUNTRY) { buckets { key clicks } } links complete
        byAccount { account { key } clicks uniqueClicks links }
        sources { account { key provider { id } } status error { code } }
      }
    }"""
    others = [key for key, provider in PROVIDER.items() if provider != broken]
    without = (await open_gateway().data(query, accounts=others))["stats"]
    gateway = open_gateway()
    FAULTS["reset"].inject(gateway, broken)
    reply = await gateway.ask(query)
    stats = reply.data["stats"]
    assert (stats["clicks"], stats["series"], stats["complete"]) == (None, None, False)
    # tiny.cc never counts countries, so it lacks in no breakdown.
    assert (stats["breakdown"] is None) == (broken != "tinycc")
    lacking = {("stats", "clicks"), ("stats", "series"), *([("stats", "breakdown")] if broken != "tinycc" else [])}
    assert set(reply.failing_paths()) == lacking
    (named,) = {error["extensions"]["account"] for error in reply.errors}
    assert PROVIDER[named] == broken
    assert stats["byAccount"] == without["byAccount"]
    allowed = (await gateway.data(query, allowed=True))["stats"]
    for name in ("clicks", "series", "breakdown", "links", "byAccount"):
        assert allowed[name] == without[name]
    assert not allowed["complete"]
    failed = [source for source in stats["sources"] if source["account"]["provider"]["id"] == broken]
    assert [(source["status"], source["error"]) for source in failed] == [("FAILED", {"code": "UNAVAILABLE"})]


EVERYTHING = """
{
  providers { id name capabilities statsDimensions accounts { key } }
  accounts {
    key label
    provider { id }
    plan { name }
    quotas { name limit }
    externalIdUsage { externalId links }
    domains { name kind isDefault https active redirectStatus rootRedirect notFoundRedirect team { name } }
    tags { name }
    teams { name }
    campaigns { name team { name } }
    trackers { name kind code scope }
    trackingPresets { utmSources utmMediums pixels { id name } tagManagers { id name } }
    webhooks { nodes { event url method headers { name value } target { domain tag link { shortUrl } } } }
    links(first: 4) {
      nodes {
        shortUrl title
        domain { name kind }
        tags { name }
        team { name }
        campaign { name }
        trackers { name }
        stats { clicks uniqueClicks series { date clicks } breakdown(by: COUNTRY) { buckets { key clicks } } }
      }
    }
  }
}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def healthy() -> Any:
    return await open_gateway().data(EVERYTHING)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("fault_name", ["delay", "html", "429"])
@pytest.mark.parametrize("broken", ["picsee", "shortenworld", "tinycc", "cuttly", "chevereto"])
async def test_a_broken_vendor_changes_nothing_of_other_accounts(healthy: Any, broken: str, fault_name: str) -> None:
    gateway, fault = open_gateway(), FAULTS[fault_name]
    fault.inject(gateway, broken)
    reply = await gateway.ask(EVERYTHING)
    assert reply.data["providers"] == healthy["providers"]
    of_others: Callable[[Any], list[Any]] = lambda data: [  # noqa: E731 - compares two responses
        account for account in data["accounts"] if account["provider"]["id"] != broken
    ]
    assert of_others(reply.data) == of_others(healthy)
    assert set(reply.codes) <= {fault.code}
    assert bool(reply.errors) is (broken in {"picsee", "shortenworld", "tinycc"})


SHORT_DEADLINE_SECONDS = 3
READS = """{
  links(first: 20) { nodes { shortUrl stats { clicks series { clicks } } } sources { status } }
  tags(first: 20) { nodes { name } }
  accounts { domains { name } quotas { name } }
}"""


@pytest.mark.parametrize("sections", [{}, UNCACHED], ids=["cached", "uncached"])
@pytest.mark.parametrize("fault_name", SHORT_FAULTS)
async def test_no_task_outlives_its_operation_and_no_operation_its_deadline(
    fault_name: str, sections: dict[str, dict[str, object]]
) -> None:
    gateway = open_gateway(deadline_seconds=SHORT_DEADLINE_SECONDS, sections=sections)
    before = asyncio.all_tasks()
    for provider in PROVIDER.values():
        SHORT_FAULTS[fault_name].inject(gateway, provider)
    started = gateway.clock.monotonic()
    replies = await asyncio.gather(*(gateway.ask(READS) for _ in range(3)))
    assert gateway.clock.monotonic() - started <= SHORT_DEADLINE_SECONDS
    statuses = {source["status"] for reply in replies for source in reply.data["links"]["sources"]}
    assert statuses == {"FAILED", "UNSUPPORTED"}
    # Background tasks, such as warming the cache, may take this long.
    await gateway.clock.sleep(60)
    assert asyncio.all_tasks() == before
