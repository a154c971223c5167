import pytest
import pytest_asyncio

from harness.gateway import Gateway, open_gateway
from harness.wrong_arguments import Wrong, assert_refused

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway() -> Gateway:
    return open_gateway()


BAD_DATES = [
    "",
    "today",
    "2026-13-01",
    "2026-02-30",
    "20260520",
    "2026-05-20T00:00:00Z",
    "2026-5-2",
    " 2026-05-20",
    "２０２６-05-20",
]
BAD_TIMES = [
    "",
    "now",
    "2026-05-20",
    "2026-05-20T09:30:00",
    "2026-05-20 09:30:00Z",
    "2026-05-20T25:00:00Z",
    "0001-01-01T00:00:00+14:00",
]
BAD_URLS = [
    "",
    "cutt.ly/x",
    "ftp://cutt.ly/x",
    "javascript:alert(1)",
    "https://",
    "https://a b.example/",
    "https://[::1/",
    "https://a.example:99999/",
    "https:///x",
    "//cutt.ly/x",
    "https://x.example/" + "y" * 9000,
]


@pytest.mark.parametrize("value", [*BAD_DATES, 5, 5.5, True, {}, 10**30])
async def test_what_is_no_day_is_refused_with_how_to_write_one(gateway: Gateway, value: object) -> None:
    allowed = "write a day as YYYY-MM-DD"
    variable = "query ($day: Date) { stats(range: {from: $day}) { clicks } }"
    await assert_refused(gateway, Wrong(variable, "$day", allowed, {"day": value}))
    within = "query ($range: DateRange) { stats(range: $range) { clicks } }"
    await assert_refused(
        gateway, Wrong(within, "'$range' has invalid value at .from", allowed, {"range": {"from": value}})
    )


@pytest.mark.parametrize("value", [*BAD_DATES])
async def test_a_literal_that_is_no_day_is_refused_with_its_place(gateway: Gateway, value: str) -> None:
    query = f'{{ stats(range: {{from: "{value}"}}) {{ clicks }} }}'
    await assert_refused(gateway, Wrong(query, "range.from", "write a day as YYYY-MM-DD"))


@pytest.mark.parametrize("value", [*BAD_TIMES, 5, True])
async def test_what_is_no_moment_is_refused_with_how_to_write_one(gateway: Gateway, value: object) -> None:
    query = "query ($filter: LinkFilter) { links(filter: $filter) { nodes { id } } }"
    wrong = Wrong(query, ".createdAfter", "write an RFC 3339 time with its offset", {"filter": {"createdAfter": value}})
    await assert_refused(gateway, wrong)


@pytest.mark.parametrize("value", [*(f'"{each}"' for each in BAD_TIMES), "5", "true", "9" * 5000, "[5]", "NOW"])
async def test_a_literal_that_is_no_moment_is_refused_with_its_place(gateway: Gateway, value: str) -> None:
    query = f"{{ links(filter: {{createdBefore: {value}}}) {{ nodes {{ id }} }} }}"
    await assert_refused(gateway, Wrong(query, "filter.createdBefore", "write an RFC 3339 time with its offset"))


@pytest.mark.parametrize("value", [*BAD_URLS, 5])
async def test_what_is_no_url_is_refused_with_how_to_write_one(gateway: Gateway, value: object) -> None:
    query = "query ($url: URL) { link(shortUrl: $url) { id } }"
    await assert_refused(gateway, Wrong(query, "$url", "write an absolute http or https URL", {"url": value}))


async def test_a_literal_that_is_no_url_is_refused_with_its_place(gateway: Gateway) -> None:
    query = '{ link(shortUrl: "cutt.ly/x") { id } }'
    await assert_refused(gateway, Wrong(query, "shortUrl", "write an absolute http or https URL"))


@pytest.mark.parametrize("url", ["https://cutt.ly", "https://cutt.ly/", "https://cutt.ly//"])
async def test_a_short_url_has_a_slug(gateway: Gateway, url: str) -> None:
    query = "query ($url: URL) { link(shortUrl: $url) { id } }"
    await assert_refused(gateway, Wrong(query, "shortUrl", "a domain and a slug", {"url": url}))


@pytest.mark.parametrize("search", ["", " ", "\t\n", "\u3000"])
async def test_a_blank_search_is_refused(gateway: Gateway, search: str) -> None:
    query = "query ($words: String) { links(filter: {search: $words}) { nodes { id } } }"
    await assert_refused(gateway, Wrong(query, "filter.search", "must not be blank; leave it out", {"words": search}))


async def test_any_of_no_tags_is_refused(gateway: Gateway) -> None:
    query = "{ links(filter: {tags: {any: []}}) { nodes { id } } }"
    await assert_refused(gateway, Wrong(query, "filter.tags.any", "at least one tag; leave it out"))


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
async def test_a_query_that_does_not_fit_the_schema_has_a_code_too(gateway: Gateway, query: str) -> None:
    async with gateway.client() as client:
        body = (await client.post("/graphql", json={"query": query})).json()
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INVALID_INPUT"]
