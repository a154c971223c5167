"""A wrong argument is one error: INVALID_INPUT, the field at fault, what is allowed. And nobody is asked anything."""

from base64 import urlsafe_b64encode

import pytest
import pytest_asyncio

from harness.gateway import Gateway, open_gateway
from harness.wrong_arguments import Wrong, assert_refused, node_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS = [
    "links(first: {first}) {{ nodes {{ id }} }}",
    "tags(first: {first}) {{ nodes {{ id }} }}",
    "domains(first: {first}) {{ nodes {{ id }} }}",
    'account(key: "tinycc") {{ links(first: {first}) {{ nodes {{ id }} }} }}',
    'account(key: "tinycc") {{ webhooks(first: {first}) {{ nodes {{ id }} }} }}',
]
OF_ACCOUNTS = [
    "links(filter: {accounts: $ids}) { nodes { id } }",
    "tags(accounts: $ids) { nodes { id } }",
    "domains(accounts: $ids) { nodes { id } }",
    "stats(filter: {accounts: $ids}) { links }",
]
RANGES = [
    "stats(range: $range) { clicks }",
    'account(key: "picsee-main") { externalIdUsage(range: $range) { links } }',
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway() -> Gateway:
    return open_gateway()


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
@pytest.mark.parametrize("question", LISTS)
async def test_a_page_has_from_1_to_100_items(gateway: Gateway, question: str, first: int) -> None:
    literal = "{" + question.format(first=first) + "}"
    await assert_refused(gateway, Wrong(literal, "first", "from 1 to 100"))
    variable = "query ($n: Int) {" + question.format(first="$n") + "}"
    await assert_refused(gateway, Wrong(variable, "first", "from 1 to 100", {"n": first}))


async def test_no_size_at_all_is_the_default_size(gateway: Gateway) -> None:
    query = 'query ($n: Int) { links(first: $n, filter: {accounts: ["tinycc"]}) { nodes { id } } }'
    assert len((await gateway.data(query, n=None))["links"]["nodes"]) == 20


@pytest.mark.parametrize("first", ["2147483648", "99999999999", '"5"', "5.5", "true", "[5]", "9" * 5000])
async def test_a_size_that_is_no_number_is_refused(gateway: Gateway, first: str) -> None:
    await assert_refused(gateway, Wrong(f"{{ links(first: {first}) {{ nodes {{ id }} }} }}", "first", "Int"))


@pytest.mark.parametrize("first", [2**31, 10**30, "5", 5.5, True, [5], {}])
async def test_a_variable_that_is_no_number_is_refused(gateway: Gateway, first: object) -> None:
    query = "query ($size: Int) { links(first: $size) { nodes { id } } }"
    await assert_refused(gateway, Wrong(query, "$size", "Int", {"size": first}))


@pytest.mark.parametrize("buckets", [0, -1, 1001])
async def test_a_breakdown_has_from_1_to_1000_buckets(gateway: Gateway, buckets: int) -> None:
    ids = (await gateway.data('{ link(shortUrl: "https://cutt.ly/spring-sale") { id } }'))["link"]["id"]
    query = f"query ($ids: [ID!]) {{ stats(links: $ids) {{ breakdown(by: COUNTRY, first: {buckets}) {{ by }} }} }}"
    await assert_refused(gateway, Wrong(query, "first", "from 1 to 1000", {"ids": ids}))


@pytest.mark.parametrize(
    "arguments", ["", "(id: null)", "(id: null, shortUrl: null)", '(id: "x", shortUrl: "https://a.example/b")']
)
async def test_a_link_is_named_in_one_way(gateway: Gateway, arguments: str) -> None:
    query = f"{{ link{arguments} {{ id }} }}"
    await assert_refused(gateway, Wrong(query, "link", "exactly one of the arguments id and shortUrl"))


@pytest.mark.parametrize("ids", [["nobody"], ["tinycc", "nobody"], [node_id("Account", "nobody")], [""], ["é"]])
@pytest.mark.parametrize("question", OF_ACCOUNTS)
async def test_an_unknown_account_is_refused_wherever_it_is_named(
    gateway: Gateway, question: str, ids: list[str]
) -> None:
    query = f"query ($ids: [ID!]) {{ {question} }}"
    await assert_refused(gateway, Wrong(query, "accounts", "the accounts are: chevereto, cuttly, picsee", {"ids": ids}))


async def test_an_unknown_account_is_refused_in_the_links_of_a_tag(gateway: Gateway) -> None:
    query = '{ accounts(providers: ["tinycc"]) { tags { links(accounts: ["nobody"]) { nodes { id } } } } }'
    reply = await gateway.ask(query)
    assert set(reply.codes) == {"INVALID_INPUT"}
    assert "accounts: 'nobody' is not an account" in reply.errors[0]["message"]


@pytest.mark.parametrize(
    "question",
    [
        'accounts(providers: ["picsee", "bitly"]) { key }',
        'links(filter: {providers: ["bitly"]}) { nodes { id } }',
        'stats(filter: {providers: ["bitly"]}) { links }',
        'account(key: "tinycc") { links(filter: {providers: ["bitly"]}) { nodes { id } } }',
    ],
)
async def test_an_unknown_provider_is_refused_wherever_it_is_named(gateway: Gateway, question: str) -> None:
    allowed = "the providers are: chevereto, cuttly, picsee, shortenworld, tinycc"
    await assert_refused(gateway, Wrong(f"{{ {question} }}", "providers", allowed))


BAD_IDS = [
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


@pytest.mark.parametrize("given", BAD_IDS)
async def test_a_malformed_id_is_refused_wherever_it_is_given(gateway: Gateway, given: str) -> None:
    allowed = "use an id that this API returned"
    for question, field in (
        ("node(id: $id) { id }", "id"),
        ("nodes(ids: [$id]) { id }", "ids[0]"),
        ("link(id: $id) { id }", "id"),
        ("stats(links: [$id]) { clicks }", "links[0]"),
        ("links(filter: {teams: [$id]}) { nodes { id } }", "filter.teams"),
        ("links(filter: {campaigns: [$id]}) { nodes { id } }", "filter.campaigns"),
        ('account(key: "shortenworld") { campaigns(team: $id) { name } }', "team"),
        ('account(key: "shortenworld") { trackers(team: $id) { name } }', "team"),
    ):
        await assert_refused(gateway, Wrong(f"query ($id: ID!) {{ {question} }}", field, allowed, {"id": given}))


@pytest.mark.parametrize(
    ("question", "field", "kind"),
    [
        ("link(id: $id) { id }", "id", "Link"),
        ("stats(links: [$id]) { clicks }", "links[0]", "Link"),
        ("links(filter: {teams: [$id]}) { nodes { id } }", "filter.teams", "Team"),
        ("links(filter: {campaigns: [$id]}) { nodes { id } }", "filter.campaigns", "Campaign"),
        ('account(key: "shortenworld") { trackers(team: $id) { name } }', "team", "Team"),
    ],
)
async def test_an_id_of_another_kind_is_refused(gateway: Gateway, question: str, field: str, kind: str) -> None:
    given = {"id": node_id("Domain", "tinycc", "go.shopdemo.example")}
    allowed = f"is the id of a Domain; the id of a {kind} is needed"
    await assert_refused(gateway, Wrong(f"query ($id: ID!) {{ {question} }}", field, allowed, given))


async def test_the_id_of_a_link_names_no_account(gateway: Gateway) -> None:
    given = {"ids": [node_id("Link", "tinycc", "go.shopdemo.example/card")]}
    query = "query ($ids: [ID!]) { links(filter: {accounts: $ids}) { nodes { id } } }"
    await assert_refused(gateway, Wrong(query, "filter.accounts", "the accounts are:", given))


@pytest.mark.parametrize("field", ["campaigns", "trackers"])
async def test_a_team_of_another_account_is_refused(gateway: Gateway, field: str) -> None:
    query = f'query ($id: ID!) {{ account(key: "shortenworld") {{ {field}(team: $id) {{ name }} }} }}'
    given = {"id": node_id("Team", "elsewhere", "team-apac")}
    await assert_refused(gateway, Wrong(query, "team", "must be one of shortenworld", given))


async def test_a_link_of_an_account_that_is_not_here_cannot_be_counted(gateway: Gateway) -> None:
    given = {"id": node_id("Link", "elsewhere", "x")}
    query = "query ($id: ID!) { stats(links: [$id]) { clicks } }"
    await assert_refused(gateway, Wrong(query, "links[0]", "an account that is not here", given))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "ids"),
        ("query ($ids: [ID!]) { stats(links: $ids) { clicks } }", "links"),
    ],
)
async def test_more_than_a_thousand_ids_are_too_many(gateway: Gateway, query: str, field: str) -> None:
    ids = [node_id("Account", "tinycc") if field == "ids" else node_id("Link", "tinycc", "go.shopdemo.example/card")]
    await assert_refused(gateway, Wrong(query, field, "at most 1000", {"ids": ids * 1001}))
    reply = await gateway.ask(query, ids=ids * 1000)
    assert reply.errors == []


async def test_links_and_filter_are_not_given_together(gateway: Gateway) -> None:
    query = "{ stats(links: [], filter: {}) { clicks } }"
    await assert_refused(gateway, Wrong(query, "stats", "one of the arguments links and filter"))


@pytest.mark.parametrize("question", RANGES)
async def test_a_range_does_not_end_before_it_starts(gateway: Gateway, question: str) -> None:
    days = {"range": {"from": "2026-05-20", "to": "2026-05-19"}}
    query = f"query ($range: DateRange) {{ {question} }}"
    await assert_refused(gateway, Wrong(query, "range.from", "after to (2026-05-19)", days))


@pytest.mark.parametrize("question", RANGES)
@pytest.mark.parametrize(
    "days",
    [{"from": "2016-11-20", "to": "2026-11-20"}, {"from": "0001-01-01"}, {"from": "2020-01-01", "to": "9999-12-31"}],
)
async def test_a_range_of_ten_years_is_refused(gateway: Gateway, question: str, days: dict[str, str]) -> None:
    query = f"query ($range: DateRange) {{ {question} }}"
    await assert_refused(gateway, Wrong(query, "range", "at most that many are allowed", {"range": days}))


async def test_a_links_own_statistics_refuse_a_range_too(gateway: Gateway) -> None:
    query = """query ($range: DateRange) {
      link(shortUrl: "https://cutt.ly/spring-sale") { stats(range: $range) { clicks } } }"""
    reply = await gateway.ask(query, range={"from": "2016-11-20", "to": "2026-11-20"})
    assert reply.codes == ["INVALID_INPUT"]
    assert reply.error["message"].startswith("range: covers more than")


async def test_usage_by_external_id_is_told_for_31_days_at_most(gateway: Gateway) -> None:
    query = 'query ($range: DateRange) { account(key: "picsee-main") { externalIdUsage(range: $range) { links } } }'
    days = {"range": {"from": "2026-10-01", "to": "2026-11-01"}}
    await assert_refused(gateway, Wrong(query, "range", "more than 31 days, which is the most allowed", days))
    reply = await gateway.ask(query, range={"from": "2026-10-02", "to": "2026-11-01"})
    assert reply.errors == []
