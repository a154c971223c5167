"""A wrong argument is one error INVALID_INPUT that names the field and says what is allowed. No vendor is called."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
import pytest_asyncio

from harness.gateway import Gateway, open_gateway
from harness.wrong_arguments import Wrong, assert_rejected, node_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

LARGEST_INT = 2**31 - 1
OUT_OF_RANGE = [0, -1, 101, LARGEST_INT]
NO_INT_LITERALS = ["2147483648", "99999999999", '"5"', "5.5", "true", "[5]", "9" * 5000]
NO_INT_VALUES: list[Any] = [2**31, 10**30, "5", 5.5, True, [5], {}]
LISTS = [
    "links(first: FIRST) { nodes { id } }",
    "tags(first: FIRST) { nodes { id } }",
    "domains(first: FIRST) { nodes { id } }",
    'account(key: "tinycc") { links(first: FIRST) { nodes { id } } }',
    'account(key: "tinycc") { webhooks(first: FIRST) { nodes { id } } }',
]
BREAKDOWN = "query ($ids: [ID!]) { stats(links: $ids) { breakdown(by: COUNTRY, first: FIRST) { by } } }"
A_LINK = node_id("Link", "cuttly", "cutt.ly/spring-sale")


def literal_first(field: str, value: object, allowed: str = "from 1 to 100") -> Wrong:
    return Wrong(f"{{ {field} }}".replace("FIRST", str(value)), "first", allowed)


def variable_first(field: str, value: object) -> Wrong:
    return Wrong(f"query ($n: Int) {{ {field} }}".replace("FIRST", "$n"), "first", "from 1 to 100", {"n": value})


SIZES = [
    *(wrong(each, size) for wrong in (literal_first, variable_first) for each in LISTS for size in OUT_OF_RANGE),
    *(literal_first(LISTS[0], literal, "Int") for literal in NO_INT_LITERALS),
    *(variable_first(LISTS[0], value)._replace(field="$n", allowed="Int") for value in NO_INT_VALUES),
    *(
        Wrong(BREAKDOWN.replace("FIRST", str(size)), "first", "from 1 to 1000", {"ids": [A_LINK]})
        for size in (0, -1, 1001)
    ),
]

BY_ACCOUNT = [
    "links(filter: {accounts: $ids}) { nodes { id } }",
    "tags(accounts: $ids) { nodes { id } }",
    "domains(accounts: $ids) { nodes { id } }",
    "stats(filter: {accounts: $ids}) { links }",
]
UNKNOWN_ACCOUNTS = [["nobody"], ["tinycc", "nobody"], [node_id("Account", "nobody")], [""], ["é"], [A_LINK]]
BY_PROVIDER = [
    'accounts(providers: ["picsee", "nobody"]) { key }',
    'links(filter: {providers: ["nobody"]}) { nodes { id } }',
    'stats(filter: {providers: ["nobody"]}) { links }',
    'account(key: "tinycc") { links(filter: {providers: ["nobody"]}) { nodes { id } } }',
]
NAMES = [
    *(
        Wrong(f"query ($ids: [ID!]) {{ {each} }}", "accounts", "the accounts are: chevereto, cuttly", {"ids": ids})
        for each in BY_ACCOUNT
        for ids in UNKNOWN_ACCOUNTS
    ),
    *(
        Wrong(f"{{ {each} }}", "providers", "the providers are: chevereto, cuttly, picsee, shortenworld, tinycc")
        for each in BY_PROVIDER
    ),
]

MALFORMED_IDS = [
    "",
    "x",
    "é",
    "picsee-main",
    "=" * 8,
    "A" * 5000,
    node_id(),
    node_id("Link"),
    node_id("Link", "tinycc"),
    node_id("Link", "tinycc", "a", "b"),
    node_id("Link", 5, "b"),
    node_id("Planet", "tinycc", "a"),
    urlsafe_b64encode(b"{}").decode(),
    urlsafe_b64encode(b"null").decode(),
    urlsafe_b64encode(b'"Link"').decode(),
    urlsafe_b64encode(b"\xff\xfe").decode(),
    urlsafe_b64encode(b"[" * 3000).decode(),
]
# A field with an ID, the error's field, and the type of the ID that is needed.
BY_ID = [
    ("node(id: $id) { id }", "id", None),
    ("nodes(ids: [$id]) { id }", "ids[0]", None),
    ("link(id: $id) { id }", "id", "Link"),
    ("stats(links: [$id]) { clicks }", "links[0]", "Link"),
    ("links(filter: {teams: [$id]}) { nodes { id } }", "filter.teams", "Team"),
    ("links(filter: {campaigns: [$id]}) { nodes { id } }", "filter.campaigns", "Campaign"),
    ('account(key: "shortenworld") { campaigns(team: $id) { name } }', "team", "Team"),
    ('account(key: "shortenworld") { trackers(team: $id) { name } }', "team", "Team"),
]
A_DOMAIN = node_id("Domain", "tinycc", "go.shopdemo.example")
ELSEWHERE = node_id("Team", "elsewhere", "team-apac")


def by_id(question: str, field: str, allowed: str, value: str) -> Wrong:
    return Wrong(f"query ($id: ID!) {{ {question} }}", field, allowed, {"id": value})


IDS = [
    *(by_id(q, field, "use an id that this API returned", each) for each in MALFORMED_IDS for q, field, _ in BY_ID),
    *(by_id(q, f, f"is the id of a Domain; the id of a {kind} is needed", A_DOMAIN) for q, f, kind in BY_ID if kind),
    *(by_id(q, field, "must be one of shortenworld", ELSEWHERE) for q, field, _ in BY_ID if field == "team"),
    by_id(BY_ID[3][0], "links[0]", "an account that is not here", node_id("Link", "elsewhere", "x")),
    Wrong("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "ids", "at most 1000", {"ids": [A_DOMAIN] * 1001}),
    Wrong("query ($ids: [ID!]) { stats(links: $ids) { links } }", "links", "at most 1000", {"ids": [A_LINK] * 1001}),
]

COMBINATIONS = [
    *(
        Wrong(f"{{ link{arguments} {{ id }} }}", "link", "exactly one of the arguments id and shortUrl")
        for arguments in ("", "(id: null)", "(id: null, shortUrl: null)", '(id: "x", shortUrl: "https://a.example/b")')
    ),
    Wrong("{ stats(links: [], filter: {}) { clicks } }", "stats", "one of the arguments links and filter"),
    Wrong("{ links(filter: {tags: {any: []}}) { nodes { id } } }", "filter.tags.any", "at least one tag; leave it out"),
    *(
        Wrong(
            "query ($words: String) { links(filter: {search: $words}) { nodes { id } } }",
            "filter.search",
            "must not be blank; leave it out",
            {"words": blank},
        )
        for blank in ("", " ", "\t\n", "\u3000")
    ),
]

BY_RANGE = ["stats(range: $range) { clicks }"]
BY_RANGE += ['account(key: "picsee-main") { externalIdUsage(range: $range) { links } }']
TEN_YEARS = [("2016-11-20", "2026-11-20"), ("0001-01-01", None), ("2020-01-01", "9999-12-31")]


def by_range(question: str, field: str, allowed: str, start: str, end: str | None) -> Wrong:
    variables = {"range": {"from": start, "to": end}}
    return Wrong(f"query ($range: DateRange) {{ {question} }}", field, allowed, variables)


RANGES = [
    *(by_range(each, "range.from", "after to (2026-05-19)", "2026-05-20", "2026-05-19") for each in BY_RANGE),
    *(by_range(each, "range", "at most that many are allowed", *days) for each in BY_RANGE for days in TEN_YEARS),
    by_range(BY_RANGE[1], "range", "more than 31 days, which is the most allowed", "2026-10-01", "2026-11-01"),
]

NO_DATES = ["", "today", "2026-13-01", "2026-02-30", "20260520", "2026-05-20T00:00:00Z", "2026-5-2", " 2026-05-20"]
NO_DATES += ["２０２６-05-20"]
NO_TIMES = ["", "now", "2026-05-20", "2026-05-20T09:30:00", "2026-05-20 09:30:00Z", "2026-05-20T25:00:00Z"]
NO_TIMES += ["0001-01-01T00:00:00+14:00"]
NO_URLS = ["", "cutt.ly/x", "ftp://cutt.ly/x", "javascript:alert(1)", "https://", "https://a b.example/"]
NO_URLS += ["https://[::1/", "https://a.example:99999/", "https:///x", "//cutt.ly/x", "https://x.example/" + "y" * 9000]
DATE, TIME, URL = (
    "write a day as YYYY-MM-DD",
    "write an RFC 3339 time with its offset",
    "write an absolute http or https URL",
)
DAY_QUERY = "query ($day: Date) { stats(range: {from: $day}) { clicks } }"
RANGE_QUERY = "query ($range: DateRange) { stats(range: $range) { clicks } }"
FILTER_QUERY = "query ($filter: LinkFilter) { links(filter: $filter) { nodes { id } } }"
URL_QUERY = "query ($url: URL) { link(shortUrl: $url) { id } }"
SCALARS = [
    *(Wrong(DAY_QUERY, "$day", DATE, {"day": each}) for each in (*NO_DATES, 5, 5.5, True, {}, 10**30)),
    *(
        Wrong(RANGE_QUERY, "'$range' has invalid value at .from", DATE, {"range": {"from": each}})
        for each in (*NO_DATES, 5, 5.5, True, {}, 10**30)
    ),
    *(Wrong(f'{{ stats(range: {{from: "{each}"}}) {{ clicks }} }}', "range.from", DATE) for each in NO_DATES),
    *(Wrong(FILTER_QUERY, ".createdAfter", TIME, {"filter": {"createdAfter": each}}) for each in (*NO_TIMES, 5, True)),
    *(
        Wrong(f"{{ links(filter: {{createdBefore: {each}}}) {{ nodes {{ id }} }} }}", "filter.createdBefore", TIME)
        for each in (*(f'"{time}"' for time in NO_TIMES), "5", "true", "9" * 5000, "[5]", "NOW")
    ),
    *(Wrong(URL_QUERY, "$url", URL, {"url": each}) for each in (*NO_URLS, 5)),
    Wrong('{ link(shortUrl: "cutt.ly/x") { id } }', "shortUrl", URL),
    *(
        Wrong(URL_QUERY, "shortUrl", "a domain and a slug", {"url": each})
        for each in ("https://cutt.ly", "https://cutt.ly/", "https://cutt.ly//")
    ),
]
GROUPS = {
    "sizes": SIZES,
    "names": NAMES,
    "ids": IDS,
    "combinations": COMBINATIONS,
    "ranges": RANGES,
    "scalars": SCALARS,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway() -> Gateway:
    return open_gateway()


@pytest.mark.parametrize(
    "wrong",
    [pytest.param(wrong, id=f"{name}-{index}") for name, group in GROUPS.items() for index, wrong in enumerate(group)],
)
async def test_a_wrong_argument_is_named_with_what_is_allowed_before_any_call(gateway: Gateway, wrong: Wrong) -> None:
    await assert_rejected(gateway, wrong)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            '{ accounts(providers: ["tinycc"]) { tags { links(accounts: ["nobody"]) { nodes { id } } } } }',
            "accounts: 'nobody' is not an account",
        ),
        (
            """{ link(shortUrl: "https://cutt.ly/spring-sale") {
              stats(range: { from: "2016-11-20", to: "2026-11-20" }) { clicks } } }""",
            "range: covers more than",
        ),
    ],
)
async def test_a_wrong_argument_below_a_list_or_a_link_is_named_too(gateway: Gateway, query: str, message: str) -> None:
    reply = await gateway.ask(query)
    assert set(reply.codes) == {"INVALID_INPUT"}
    assert message in reply.errors[0]["message"]


@pytest.mark.parametrize(
    "query",
    [
        "{",
        "",
        "{ nope }",
        "{ links(nope: 1) { nodes { id } } }",
        "{ links(filter: {nope: 1}) { nodes { id } } }",
        "{ links(filter: {origin: NOPE}) { nodes { id } } }",
        "{ links }",
        "{ node { id } }",
        "{ accounts { key ...Nope } }",
        "query ($id: ID!) { node(id: $id) { id } }",
    ],
)
async def test_a_document_that_does_not_fit_the_schema_has_the_same_code(gateway: Gateway, query: str) -> None:
    async with gateway.client() as client:
        body = (await client.post("/graphql", json={"query": query})).json()
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INVALID_INPUT"]


async def test_null_is_the_default_page_size(gateway: Gateway) -> None:
    query = 'query ($n: Int) { links(first: $n, filter: {accounts: ["tinycc"]}) { nodes { id } } }'
    assert len((await gateway.data(query, n=None))["links"]["nodes"]) == 20


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            {"ids": [node_id("Account", str(n)) for n in range(1000)]},
        ),
        ("query ($ids: [ID!]) { stats(links: $ids) { links } }", {"ids": [A_LINK] * 1000}),
        (f"query ($range: DateRange) {{ {BY_RANGE[1]} }}", {"range": {"from": "2026-10-02", "to": "2026-11-01"}}),
    ],
)
async def test_the_largest_allowed_values_are_accepted(gateway: Gateway, query: str, variables: dict[str, Any]) -> None:
    await gateway.data(query, **variables)
