from typing import Any

import pytest
import pytest_asyncio

from harness.gateway import open_gateway
from harness.listed_links import PAGE, Test, World, found_by, id_of, made, open_world, read_all, tags_of
from harness.sandbox_truth import picsee_links

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> World:
    return await open_world()


def has_one_of(field: str, ids: list[str]) -> Test:
    return lambda link: id_of(link, field) in ids


@pytest.mark.parametrize("keys", [["tinycc"], ["picsee-main", "shortenworld"], ["chevereto"], []])
async def test_the_filter_selects_accounts_by_key(world: World, keys: list[str]) -> None:
    await world.assert_filtered({"accounts": keys}, lambda link: link["account"]["key"] in keys)


async def test_the_filter_selects_accounts_by_id(world: World) -> None:
    gateway = world.gateway
    accounts = (await gateway.data("{ accounts { key id } }"))["accounts"]
    ids = {account["key"]: account["id"] for account in accounts}
    wanted = {"accounts": [ids["tinycc"], "shortenworld", ids["shortenworld"]]}
    await world.assert_filtered(wanted, lambda link: link["account"]["key"] in {"tinycc", "shortenworld"})


@pytest.mark.parametrize("ids", [["picsee"], ["tinycc", "shortenworld"], ["cuttly"], []])
async def test_the_filter_selects_providers(world: World, ids: list[str]) -> None:
    await world.assert_filtered({"providers": ids}, lambda link: link["provider"]["id"] in ids)


async def test_a_link_must_match_accounts_and_providers(world: World) -> None:
    wanted = {"accounts": ["tinycc", "picsee-main"], "providers": ["picsee", "shortenworld"]}
    await world.assert_filtered(wanted, lambda link: link["account"]["key"] == "picsee-main")


@pytest.mark.parametrize("field", ["team", "campaign"])
async def test_the_filter_selects_teams_and_campaigns(world: World, field: str) -> None:
    ids = sorted({link[field]["id"] for link in world.links if link[field]})
    assert len(ids) > 1
    for chosen in (ids[:1], ids[1:], ids, []):
        left = await world.assert_filtered({f"{field}s": chosen}, has_one_of(field, chosen))
        assert {id_of(link, field) for link in left} == set(chosen)


async def test_a_team_and_a_campaign_of_another_team_have_no_link_in_common(world: World) -> None:
    links = world.links
    team = next(link["team"]["id"] for link in links if link["team"])
    elsewhere = next(link["campaign"]["id"] for link in links if link["campaign"] and link["team"]["id"] != team)
    await world.assert_filtered({"teams": [team], "campaigns": [elsewhere]}, lambda _: False)


@pytest.mark.parametrize("archived", [True, False])
async def test_archived_selects_the_archived_links_or_the_others(world: World, archived: bool) -> None:
    assert {link["archived"] for link in world.links} == {True, False, None}
    await world.assert_filtered({"archived": archived}, lambda link: link["archived"] is archived)


@pytest.mark.parametrize("starred", [True, False])
async def test_starred_selects_the_starred_links_or_the_others(world: World, starred: bool) -> None:
    assert {link["starred"] for link in world.links} == {True, False, None}
    await world.assert_filtered({"starred": starred}, lambda link: link["starred"] is starred)


@pytest.mark.parametrize("origin", ["API", "DASHBOARD"])
async def test_origin_selects_links_by_how_they_were_created(world: World, origin: str) -> None:
    gateway = world.gateway
    made_so = {link.encode_id for link in picsee_links(gateway.clock) if link.is_api is (origin == "API")}
    assert len(made_so) > 20
    await world.assert_filtered(
        {"origin": origin},
        lambda link: link["provider"]["id"] == "picsee" and link["slug"] in made_so,
    )


async def test_origin_any_selects_every_link(world: World) -> None:
    await world.assert_filtered({"origin": "ANY"}, lambda _: True)


@pytest.mark.parametrize("tag", ["sale", "SALE", "print", "point of sale", "no such tag", ""])
async def test_any_selects_links_with_at_least_one_of_the_tags(world: World, tag: str) -> None:
    wanted = {"tags": {"any": [tag, "Podcast"]}}
    either = {tag.casefold(), "podcast"}
    await world.assert_filtered(wanted, lambda link: bool(tags_of(link) & either))


@pytest.mark.parametrize("tags", [["sale"], ["Sale", "spring"], ["sale", "print"], ["sale", "no such tag"], []])
async def test_all_selects_links_with_all_of_the_tags(world: World, tags: list[str]) -> None:
    every = {tag.casefold() for tag in tags}
    await world.assert_filtered({"tags": {"all": tags}}, lambda link: every <= tags_of(link))


@pytest.mark.parametrize("tags", [["sale"], ["Sale", "print", "email"], ["no such tag"], []])
async def test_none_selects_links_without_the_tags(world: World, tags: list[str]) -> None:
    no_one = {tag.casefold() for tag in tags}
    await world.assert_filtered({"tags": {"none": tags}}, lambda link: not no_one & tags_of(link))


async def test_the_three_conditions_on_tags_can_be_combined(world: World) -> None:
    wanted = {"tags": {"any": ["spring", "gifts"], "all": ["sale"], "none": ["print"]}}

    def fits(link: Any) -> bool:
        tags = tags_of(link)
        return bool(tags & {"spring", "gifts"}) and "sale" in tags and "print" not in tags

    assert await world.assert_filtered(wanted, fits)


@pytest.mark.parametrize("external_id", ["newsletter-46", "Newsletter-46", "unknown", ""])
async def test_an_external_id_is_matched_exactly(world: World, external_id: str) -> None:
    await world.assert_filtered({"externalId": external_id}, lambda link: link["externalId"] == external_id)


@pytest.mark.parametrize(
    "words",
    ["podcast", "PODCAST", "Spring sale", "sale spring", "example.com/lookbook", "tw", "ü", "–", "nothing has this"],
)
async def test_search_finds_links_that_contain_the_text(world: World, words: str) -> None:
    await world.assert_filtered({"search": words}, found_by(words))


async def test_search_ignores_surrounding_spaces(world: World) -> None:
    await world.assert_filtered({"search": "  podcast "}, found_by("podcast"))


@pytest.mark.parametrize(
    "names",
    [
        ["go.example.com"],
        ["GO.Example.com", "m.shopdemo.example"],
        ["apac.swlink.example", "pse.is"],
        ["nobodys.example"],
        ["cutt.ly"],
        [],
    ],
)
async def test_the_filter_selects_domains(world: World, names: list[str]) -> None:
    folded = {name.casefold() for name in names}
    await world.assert_filtered({"domains": names}, lambda link: link["domain"]["name"] in folded)


async def test_created_after_is_inclusive_and_created_before_is_exclusive(world: World) -> None:
    times = sorted(at for link in world.links if (at := made(link)))
    early, late = times[len(times) // 3], times[-20]

    def within(link: Any) -> bool:
        at = made(link)
        return at is not None and early <= at < late

    left = await world.assert_filtered({"createdAfter": early.isoformat(), "createdBefore": late.isoformat()}, within)
    assert early in map(made, left)
    assert late not in map(made, left)


async def test_each_of_the_two_times_can_be_given_alone(world: World) -> None:
    times = sorted(at for link in world.links if (at := made(link)))
    middle, earlier = times[len(times) // 2], times[0]
    await world.assert_filtered({"createdAfter": middle.isoformat()}, lambda link: (made(link) or earlier) >= middle)
    await world.assert_filtered({"createdBefore": middle.isoformat()}, lambda link: (made(link) or middle) < middle)


async def test_a_time_with_another_offset_selects_the_same_links(world: World) -> None:
    gateway = world.gateway
    in_utc = await read_all(gateway, {"createdAfter": "2026-11-01T16:00:00Z"})
    in_taipei = await read_all(gateway, {"createdAfter": "2026-11-02T00:00:00+08:00"})
    assert in_utc == in_taipei
    assert len(in_utc) > 10


async def test_an_empty_time_range_selects_nothing_and_makes_no_call(world: World) -> None:
    gateway = world.gateway
    gateway.forget_calls()
    wanted = {"createdAfter": "2026-11-02T00:00:00Z", "createdBefore": "2026-11-01T00:00:00Z"}
    assert await read_all(world.gateway, wanted) == []
    assert gateway.calls() == {}


@pytest.mark.parametrize("wanted", [None, {}, {"tags": {}}, {"search": None, "tags": None, "domains": None}])
async def test_a_missing_or_null_filter_selects_every_link(world: World, wanted: dict[str, Any] | None) -> None:
    await world.assert_filtered(wanted, lambda _: True)


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ({"starred": True}, {"picsee"}),
        ({"externalId": "partner"}, {"picsee"}),
        ({"origin": "API"}, {"picsee"}),
        ({"createdAfter": "2026-11-01T00:00:00Z"}, {"picsee", "shortenworld"}),
        ({"archived": True}, {"shortenworld", "tinycc"}),
        ({"domains": []}, set[str]()),
        ({"accounts": ["cuttly", "chevereto"]}, set[str]()),
    ],
)
async def test_vendors_without_a_possible_match_are_not_called(wanted: dict[str, Any], asked: set[str]) -> None:
    gateway = open_gateway()
    page = (await gateway.data(PAGE, filter=wanted))["links"]
    assert gateway.calls().keys() == asked
    silent = [s for s in page["sources"] if s["account"]["key"] not in asked and s["account"]["key"] != "picsee-main"]
    assert all(source["exhausted"] for source in silent)


async def test_a_source_has_a_notice_if_its_links_cannot_match(world: World) -> None:
    sources = (await world.gateway.data(PAGE, filter={"origin": "API"}))["links"]["sources"]
    notices = {source["account"]["key"]: source["notice"] for source in sources}
    assert "tiny.cc does not say how a link was made" in notices["tinycc"]
    assert "ShortenWorld does not report how a link was made" in notices["shortenworld"]


async def test_the_links_of_an_account_accept_the_same_filter(world: World) -> None:
    gateway = world.gateway
    query = """query ($filter: LinkFilter) { account(key: "tinycc") {
      links(first: 100, filter: $filter) { nodes { shortUrl archived } sources { account { key } } } } }"""
    own = (await gateway.data(query, filter={"archived": True}))["account"]["links"]
    assert own["nodes"]
    assert all(link["archived"] for link in own["nodes"])
    others = (await gateway.data(query, filter={"accounts": ["shortenworld"]}))["account"]["links"]
    assert others == {"nodes": [], "sources": []}
