"""The gateway makes only the calls that a query needs, and each of them once."""

from collections import Counter
from typing import Any

import pytest

from harness.gateway import UNCACHED, Gateway, open_gateway
from harness.vendor_faults import a_link_of

RELATIONS = """
query ($first: Int, $filter: LinkFilter) {
  links(first: $first, filter: $filter) {
    nodes { account { key } provider { id } domain { name kind } tags { name } team { name } campaign { name } }
  }
}
"""


async def calls_for(gateway: Gateway, query: str, **variables: Any) -> dict[str, Counter[str]]:
    gateway.forget_calls()
    await gateway.data(query, **variables)
    return {name: Counter(calls) for name, calls in gateway.calls().items()}


def link_query(selection: str) -> str:
    return f"query ($id: ID!) {{ link(id: $id) {{ {selection} }} }}"


async def test_a_hundred_links_with_their_relations_take_the_calls_of_the_lists_and_one_per_relation() -> None:
    calls = await calls_for(open_gateway(), RELATIONS, first=100)
    lists = {
        "picsee": calls["picsee"].pop("POST /v2/links/overview"),
        "shortenworld": calls["shortenworld"].pop("GET /entity/link/list"),
        "tinycc": calls["tinycc"].pop("GET /urls"),
    }
    assert calls == {
        "picsee": {"GET /v4/my/api/domains": 1},
        "shortenworld": {
            "POST /authen/token": 1,
            "GET /entity/team/list": 1,
            "GET /entity/campaign/list": 1,
            "GET /entity/domain/list": 2,  # the vendor lists the domains of one team at a time
        },
        "tinycc": {"GET /domains": 1},
    }
    assert lists["picsee"] == 4  # PicSee has four lists
    assert lists["shortenworld"] <= 3  # visible and hidden links, and a second page of the visible ones
    assert lists["tinycc"] <= 2  # one per domain


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("{ __typename }", set[str]()),
        ("{ providers { id name capabilities statsDimensions accounts { key label provider { name } } } }", set[str]()),
        (
            "{ accounts { id key label provider { name } health { state circuit rateLimits { remaining } } } }",
            set[str](),
        ),
        ('{ account(key: "picsee-main") { key health { lastError { code } } } }', set[str]()),
        ('{ accounts(providers: ["tinycc"]) { tags { name } } }', {"tinycc"}),
        ('{ links(filter: { accounts: ["tinycc"] }) { nodes { slug } } }', {"tinycc"}),
        ('{ tags(accounts: ["picsee-main"]) { nodes { name } } }', {"picsee"}),
        ('{ domains(accounts: ["shortenworld"]) { nodes { name } } }', {"shortenworld"}),
        ('{ link(shortUrl: "https://cutt.ly/spring-sale") { slug } }', {"cuttly"}),
        (
            '{ accounts(providers: ["chevereto", "cuttly"]) { plan { name } quotas { name } tags { name } } }',
            set[str](),
        ),
    ],
)
async def test_only_the_accounts_that_a_query_needs_are_called(query: str, asked: set[str]) -> None:
    assert (await calls_for(open_gateway(), query)).keys() == asked


async def test_a_lookup_of_accounts_takes_no_call() -> None:
    gateway = open_gateway()
    accounts = (await gateway.data("{ accounts { id } }"))["accounts"]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Account { key provider { name } } } }"
    assert await calls_for(gateway, query, ids=[account["id"] for account in accounts]) == {}


async def test_links_of_two_domains_by_id_are_one_call_each_at_tinycc() -> None:
    gateway = open_gateway(sections=UNCACHED)
    links = (await gateway.data('{ links(first: 80, filter: { accounts: ["tinycc"] }) { nodes { id } } }'))["links"]
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Link { shortUrl qrCode { svg } stats { clicks } } } }"
    calls = await calls_for(gateway, nodes, ids=[link["id"] for link in links["nodes"]])
    assert calls == {"tinycc": {"GET /urls": 2}}


@pytest.mark.parametrize(
    ("selection", "endpoints"),
    [
        ("clicks", {"dailyClicks": 1}),
        ("clicks uniqueClicks series { date clicks }", {"dailyClicks": 1}),
        ("breakdown(by: COUNTRY) { by }", {"regions": 1}),
        ("breakdown(by: REFERRER) { by }", {"referrers": 1}),
        ("breakdown(by: DEVICE) { by }", {"platform": 1}),
        # Labels of the whole life are no answer to a question for some days.
        ("a: breakdown(by: INTEREST) { by } b: breakdown(by: BRAND_AFFINITY) { by }", {}),
        ("a: breakdown(by: COUNTRY) { by } b: breakdown(by: REFERRER) { by }", {"regions": 1, "referrers": 1}),
        ("a: breakdown(by: COUNTRY) { by } b: breakdown(by: COUNTRY, first: 3) { by }", {"regions": 1}),
        ("breakdown(by: COUNTRY) { by } sources { status from to }", {"regions": 1}),
        ("a: breakdown(by: DEVICE) { by } b: breakdown(by: OS) { by }", {"platform": 1}),
        ("breakdown(by: BROWSER) { by }", {}),
        ("botClicks", {}),
        ("sources { account { key } counts }", {}),
    ],
)
async def test_statistics_of_picsee_call_only_the_endpoints_of_the_selected_fields(
    selection: str, endpoints: dict[str, int]
) -> None:
    gateway = open_gateway(sections=UNCACHED)
    link = await a_link_of(gateway, "picsee-main")
    days = 'range: { from: "2026-11-10", to: "2026-11-18" }'
    calls = await calls_for(gateway, link_query(f"stats({days}) {{ {selection} }}"), id=link)
    details = {path.rpartition("/")[2]: count for path, count in calls["picsee"].items() if "/details/" in path}
    assert details == endpoints


EVERYTHING = """
clicks uniqueClicks botClicks series { date clicks }
country: breakdown(by: COUNTRY) { by } referrer: breakdown(by: REFERRER) { by } device: breakdown(by: DEVICE) { by }
os: breakdown(by: OS) { by } browser: breakdown(by: BROWSER) { by } brand: breakdown(by: BRAND) { by }
language: breakdown(by: LANGUAGE) { by } bot: breakdown(by: BOT) { by } social: breakdown(by: SOCIAL) { by }
sources { status counts }
"""


def listed(account: str, count: int, selection: str) -> str:
    return f'{{ links(first: {count}, filter: {{ accounts: ["{account}"] }}) {{ nodes {{ {selection} }} }} }}'


OVERVIEW, SHORTENWORLD_LINKS = {"POST /v2/links/overview": 4}, {"POST /authen/token": 1, "GET /entity/link/list": 2}
TINYCC_LINKS = {"GET /domains": 1, "GET /urls": 2}
CUTTLY = 'link(shortUrl: "https://cutt.ly/spring-sale")'


@pytest.mark.parametrize(
    ("query", "provider", "expected"),
    [
        # Relations that are not selected take no call.
        (listed("picsee-main", 20, "tags { name } domain { name }"), "picsee", OVERVIEW),
        (listed("shortenworld", 20, "team { id } campaign { id }"), "shortenworld", SHORTENWORLD_LINKS),
        (listed("tinycc", 20, "tags { name } domain { name }"), "tinycc", TINYCC_LINKS),
        # All statistics of a link are one call, and at tiny.cc none.
        (
            listed("shortenworld", 3, f"stats {{ {EVERYTHING} }}"),
            "shortenworld",
            {**SHORTENWORLD_LINKS, "GET /entity/link/analytics": 3},
        ),
        (f"{{ {CUTTLY} {{ title stats {{ {EVERYTHING} }} }} }}", "cuttly", {"GET /team/API/index.php": 1}),
        (
            listed("tinycc", 20, "stats { clicks breakdown(by: COUNTRY) { by } sources { status } }"),
            "tinycc",
            TINYCC_LINKS,
        ),
        # At Cutt.ly, each further range is one more call.
        (
            f"""{{ {CUTTLY} {{
              title stats {{ clicks }}
              a: stats(range: {{ from: "2026-11-01", to: "2026-11-07" }}) {{ clicks breakdown(by: COUNTRY) {{ by }} }}
              b: stats(range: {{ from: "2026-11-08", to: "2026-11-14" }}) {{ clicks }}
              c: stats(range: {{ from: "2026-11-08", to: "2026-11-14" }}) {{ botClicks }} }} }}""",
            "cuttly",
            {"GET /team/API/index.php": 3},
        ),
        # Trackers of a link are one call where the vendor has trackers.
        (
            listed("shortenworld", 5, "trackers { name }"),
            "shortenworld",
            {**SHORTENWORLD_LINKS, "GET /entity/link-tracker/list": 5},
        ),
        (listed("tinycc", 5, "trackers { name }"), "tinycc", TINYCC_LINKS),
        # The tags of an account are one call, wherever they are selected.
        (
            """{ tags(accounts: ["tinycc"]) { nodes { name accounts { key } } }
              account(key: "tinycc") { tags { name accounts { key } } links(first: 20) { nodes {
                tags { name accounts { key } } } } } }""",
            "tinycc",
            {**TINYCC_LINKS, "GET /tags": 1},
        ),
    ],
)
async def test_the_calls_of_a_query(query: str, provider: str, expected: dict[str, int]) -> None:
    assert (await calls_for(open_gateway(), query))[provider] == expected


async def test_merged_statistics_make_a_call_per_link_only_where_the_vendor_needs_it() -> None:
    query = """{ stats(filter: { tags: { any: ["webinar"] } }, range: { from: "2026-11-10", to: "2026-11-18" }) {
      clicks uniqueClicks breakdown(by: OS) { by } byAccount { account { key } links } sources { status } } }"""
    gateway = open_gateway()
    calls = await calls_for(gateway, query)
    links = {each["account"]["key"]: each["links"] for each in (await gateway.data(query))["stats"]["byAccount"]}
    details = sum(count for path, count in calls["picsee"].items() if path.endswith("/dailyClicks"))
    assert details == links["picsee-main"] > 1
    assert calls["shortenworld"]["GET /entity/link/analytics"] == links["shortenworld"] > 1
    assert links["tinycc"] > 1
    assert calls["tinycc"] == {"GET /tags": 1, "GET /urls": 1}


@pytest.mark.parametrize(
    "question",
    [
        "accounts { plan { name } quotas { name } domains { name kind } tags { name } teams { name } }",
        "links(first: 20) { nodes { shortUrl domain { kind } team { name } } }",
        "tags { nodes { name accounts { key } } }",
        'link(shortUrl: "https://cutt.ly/spring-sale") { title stats { clicks } }',
        'stats(filter: { tags: { all: ["webinar"] } }) { clicks series { date } }',
        'account(key: "tinycc") { webhooks { nodes { url target { link { shortUrl } } } } }',
        'account(key: "shortenworld") { trackers { name } campaigns { name team { name } } }',
    ],
)
async def test_many_aliases_of_a_field_make_the_calls_of_one(question: str) -> None:
    once = await calls_for(open_gateway(), f"{{ {question} }}")
    aliases = " ".join(f"alias{number}: {question}" for number in range(20))
    unlimited = open_gateway(sections={"limits": {"cost": 1_000_000}})
    assert await calls_for(unlimited, f"{{ {aliases} }}") == once
    assert once


async def test_the_next_page_reads_only_its_own_links() -> None:
    gateway = open_gateway(sections=UNCACHED)
    query = """query ($after: String) { links(first: 10, after: $after, filter: { accounts: ["picsee-main"] }) {
      nodes { slug } pageInfo { endCursor } } }"""
    after = (await gateway.data(query))["links"]["pageInfo"]["endCursor"]
    assert await calls_for(gateway, query, after=after) == {"picsee": {"POST /v2/links/overview": 4}}


async def test_the_next_page_makes_no_call_if_the_vendors_pages_are_cached() -> None:
    gateway = open_gateway()
    query = "query ($after: String) { links(first: 10, after: $after) { nodes { slug } pageInfo { endCursor } } }"
    after = (await gateway.data(query))["links"]["pageInfo"]["endCursor"]
    assert await calls_for(gateway, query, after=after) == {}


async def test_a_qr_code_takes_no_call() -> None:
    plain = await calls_for(open_gateway(), "{ links { nodes { slug } } }")
    assert await calls_for(open_gateway(), "{ links { nodes { qrCode { svg small large } } } }") == plain
