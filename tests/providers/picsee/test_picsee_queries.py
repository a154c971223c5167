"""PicSee: queries that only PicSee answers, from GraphQL to the emulator."""

import pytest

from harness.gateway import Gateway, open_gateway
from linkweave.providers.picsee.emulator import BASIC_TOKEN
from linkweave.testing.virtual_time import in_virtual_time

BY_AUTHOR = """query ($author: String, $tag: [String!], $account: ID! = "picsee-main") {
  links(first: 100, filter: { authorId: $author, tags: { all: $tag }, accounts: [$account] }) {
    nodes { slug tags { name } title }
    sources { status notice }
  }
}"""
USAGE = """query ($since: DateTime, $until: DateTime, $range: DateRange) {
  account(key: "picsee-main") { externalIdUsage(since: $since, until: $until, range: $range) { externalId links } }
}"""


async def own_id(gateway: Gateway) -> str:
    return str((await gateway.data('{ account(key: "picsee-main") { user { id } } }'))["account"]["user"]["id"])


@in_virtual_time
async def test_links_are_found_by_their_author_and_by_more() -> None:
    gateway = open_gateway(deadline_seconds=60)
    author = await own_id(gateway)
    everything = (await gateway.data(BY_AUTHOR))["links"]["nodes"]
    assert (await gateway.data(BY_AUTHOR, author=author))["links"]["nodes"] == everything
    tagged = (await gateway.data(BY_AUTHOR, author=author, tag=["sale"]))["links"]["nodes"]
    newest = [node for node in everything if "sale" in {tag["name"] for tag in node["tags"]}]
    assert tagged[: len(newest)] == newest
    assert all("sale" in {tag["name"] for tag in node["tags"]} for node in tagged)
    assert (await gateway.data(BY_AUTHOR, author="4711"))["links"]["nodes"] == []


@pytest.mark.parametrize("author", ["me", "-1", "1" * 20])
@in_virtual_time
async def test_an_author_that_is_no_number_has_no_links_and_a_notice(author: str) -> None:
    gateway = open_gateway()
    page = (await gateway.data(BY_AUTHOR, author=author))["links"]
    assert page["nodes"] == []
    assert "advanced plan" in page["sources"][0]["notice"]
    assert gateway.calls() == {}


@in_virtual_time
async def test_below_the_advanced_plan_no_author_is_searched() -> None:
    table = {"key": "basic", "provider": "picsee", "base_url": "http://sandbox/picsee", "token": BASIC_TOKEN}
    page = (await open_gateway(accounts=[table]).data(BY_AUTHOR, author="739", account="basic"))["links"]
    assert (page["nodes"], page["sources"][0]["status"]) == ([], "OK")
    assert "advanced plan" in page["sources"][0]["notice"]


@in_virtual_time
async def test_usage_is_counted_between_two_times_of_day() -> None:
    gateway = open_gateway(deadline_seconds=60)
    edges = ["2026-11-05T08:00:00Z", "2026-11-12T13:37:11Z", "2026-11-20T10:00:00Z"]

    async def links(since: str, until: str) -> int:
        usage = (await gateway.data(USAGE, since=since, until=until))["account"]["externalIdUsage"]
        return sum(each["links"] for each in usage)

    whole = await links(edges[0], edges[2])
    assert whole == await links(edges[0], edges[1]) + await links(edges[1], edges[2])
    assert whole > await links(edges[1], edges[2]) > 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"since": "2026-11-10T08:00:00Z"}, "until"),
        ({"until": "2026-11-10T08:00:00Z"}, "since"),
        ({"since": "2026-11-10T08:00:00Z", "until": "2026-11-10T08:00:00Z"}, "until"),
        ({"since": "2026-10-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"}, "until"),
        ({"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z", "range": {}}, "range"),
    ],
)
@in_virtual_time
async def test_wrong_times_name_the_argument(given: dict[str, object], field: str) -> None:
    reply = await open_gateway().ask(USAGE, **given)
    assert (reply.error["extensions"]["code"], reply.error["extensions"]["field"]) == ("INVALID_INPUT", field)
