from collections.abc import Callable
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


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        *(("account", keys) for keys in (["tinycc"], ["picsee-main", "shortenworld"], ["chevereto"], [])),
        *(("provider", ids) for ids in (["picsee"], ["tinycc", "shortenworld"], ["cuttly"], [])),
    ],
)
async def test_the_filter_selects_accounts_and_providers(world: World, field: str, wanted: list[str]) -> None:
    name = {"account": "key", "provider": "id"}[field]
    await world.assert_filtered({f"{field}s": wanted}, lambda link: link[field][name] in wanted)


async def test_the_filter_selects_accounts_by_id(world: World) -> None:
    gateway = world.gateway
    accounts = (await gateway.data("{ accounts { key id } }"))["accounts"]
    ids = {account["key"]: account["id"] for account in accounts}
    wanted = {"accounts": [ids["tinycc"], "shortenworld", ids["shortenworld"]]}
    await world.assert_filtered(wanted, lambda link: link["account"]["key"] in {"tinycc", "shortenworld"})


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


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("field", ["archived", "starred"])
async def test_a_mark_selects_the_links_that_have_it_or_the_others(world: World, field: str, wanted: bool) -> None:
    assert {link[field] for link in world.links} == {True, False, None}
    await world.assert_filtered({field: wanted}, lambda link: link[field] is wanted)


@pytest.mark.parametrize("provider", ["tinycc", "shortenworld"])
async def test_a_destination_selects_exactly_its_links_whatever_their_vendor_can_look_for(
    world: World, provider: str
) -> None:
    wanted = next(link["destination"] for link in world.links if link["provider"]["id"] == provider)
    spelled = wanted.replace("https://www.example.com/", "HTTPS://WWW.Example.com:443/", 1) + "#top"
    left = await world.assert_filtered({"destination": spelled}, lambda link: link["destination"] == wanted)
    assert left


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


TESTS: dict[str, Callable[[set[str], set[str]], bool]] = {
    "any": lambda tags, wanted: bool(tags & wanted),
    "all": lambda tags, wanted: wanted <= tags,
    "none": lambda tags, wanted: not wanted & tags,
}


@pytest.mark.parametrize(
    ("condition", "tags"),
    [
        *(("any", [tag, "Podcast"]) for tag in ("sale", "SALE", "print", "point of sale", "no such tag", "")),
        *(("all", tags) for tags in (["sale"], ["Sale", "spring"], ["sale", "print"], ["sale", "no such tag"], [])),
        *(("none", tags) for tags in (["sale"], ["Sale", "print", "email"], ["no such tag"], [])),
    ],
)
async def test_the_filter_selects_tags(world: World, condition: str, tags: list[str]) -> None:
    folded = {tag.casefold() for tag in tags}
    await world.assert_filtered({"tags": {condition: tags}}, lambda link: TESTS[condition](tags_of(link), folded))


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
    ["podcast", "  PODCAST ", "Spring sale", "sale spring", "example.com/lookbook", "tw", "ü", "–", "nothing has this"],
)
async def test_search_finds_links_that_contain_the_text(world: World, words: str) -> None:
    await world.assert_filtered({"search": words}, found_by(words.strip()))


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
        ({"authorId": "739"}, {"picsee"}),
        ({"authorId": "me"}, set[str]()),
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
