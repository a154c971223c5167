"""ShortenWorld's links: listed in two halves, found by walking."""

from datetime import UTC, datetime

import httpx2
import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import LINKS, LOGIN, Answer, Vendor, account_of, adapter_of, good, link_row
from linkweave.models import Link, LinkFilter, Measure
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter

SHOWN = Lane("shown", {"hidden": "false"})
HIDDEN = Lane("hidden", {"hidden": "true"})
NO_FIELDS = frozenset[str]()


async def read(adapter: ShortenWorldAdapter, wanted: LinkFilter) -> list[Link]:
    """Every link of every lane, lane after lane."""
    links: list[Link] = []
    for lane in (await adapter.plan_links(wanted)).lanes:
        token: str | None = None
        while True:
            page = await adapter.list_links(lane, token)
            links += page.items
            token = page.next
            if token is None:
                break
    return links


async def only(row: dict[str, object], lane: Lane = SHOWN) -> Link:
    adapter = adapter_of(account_of(Vendor({LINKS: good(links=[row])})))
    (link,) = (await adapter.list_links(lane, None)).items
    return link


def by_half(shown: Answer, hidden: Answer) -> Vendor:
    def answer(request: httpx2.Request) -> Answer:
        return hidden if request.url.params["hidden"] == "true" else shown

    return Vendor({LINKS: answer})


async def test_both_halves_together_are_every_link_once_each_newest_first() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)

    links = await read(adapter, LinkFilter())

    assert len(links) == len({link.handle for link in links}) == 64
    for half in (False, True):
        dates = [link.created_at for link in links if link.archived is half]
        assert None not in dates
        assert dates == sorted(dates, reverse=True, key=str)
    asked = [(call.query["hidden"], call.query["page"], call.query["size"]) for call in it.calls[1:]]
    assert asked == [("false", "0", "100"), ("false", "1", "100"), ("true", "0", "100")]


async def test_a_link_has_what_its_row_tells_and_none_for_all_else() -> None:
    row = link_row(
        7,
        title="Spring sale",
        tags=["sale", "spring"],
        teamId="t1",
        campaignId="c1",
        clicks=12,
        linkShort="https://GO.Example.com/Slug7",
        code="Slug7",
        createdTime=1_762_941_600_000,
    )

    link = await only(row)

    assert link.included is not None
    assert link.included.clicks == 12
    assert link.included.measures == {Measure.CLICKS}
    assert link == Link(
        handle="id-7",
        short_url="https://GO.Example.com/Slug7",
        slug="Slug7",
        destination="https://www.example.com/",
        fetched_at=link.fetched_at,
        domain="go.example.com",
        title="Spring sale",
        tags=("sale", "spring"),
        created_at=datetime(2025, 11, 12, 10, 0, tzinfo=UTC),
        archived=False,
        team_id="t1",
        campaign_id="c1",
        included=link.included,
    )


async def test_keys_that_are_guesses_may_all_be_missing() -> None:
    link = await only({"id": 7, "linkShort": "https://go.example.com/abc", "destination": "https://www.example.com/"})

    assert (link.handle, link.slug, link.domain) == ("7", "abc", "go.example.com")
    assert (link.title, link.tags, link.created_at, link.included) == (None, (), None, None)
    assert (link.team_id, link.campaign_id) == (None, None)


@pytest.mark.parametrize("told", [None, ""])
async def test_a_link_in_no_campaign_has_none(told: str | None) -> None:
    assert (await only(link_row(1, campaignId=told))).campaign_id is None


@pytest.mark.parametrize("told", [1_762_941_600, 1_762_941_600_000, "1762941600000", 1_762_941_600_000.0])
async def test_creation_times_are_read_in_milliseconds_or_seconds(told: object) -> None:
    assert (await only(link_row(1, createdTime=told))).created_at == datetime(2025, 11, 12, 10, 0, tzinfo=UTC)


async def test_a_link_is_archived_if_it_came_with_the_hidden_half() -> None:
    assert (await only(link_row(1, hidden=...), HIDDEN)).archived is True
    assert (await only(link_row(1, hidden=...), SHOWN)).archived is False


async def test_a_vendor_that_lists_hidden_links_in_both_halves_gives_them_once_all_the_same() -> None:
    rows = [link_row(1), link_row(2, hidden=True), link_row(3)]
    adapter = adapter_of(account_of(by_half(good(links=rows), good(links=rows[1:2]))))

    links = await read(adapter, LinkFilter())

    assert [(link.handle, link.archived) for link in links] == [("id-1", False), ("id-3", False), ("id-2", True)]


async def test_links_are_got_by_walking_the_halves_no_further_than_needed() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    everything = await read(adapter, LinkFilter())
    shown, last_shown, hidden = everything[0], everything[55], everything[60]
    it.calls.clear()

    assert await adapter.get_links([shown.handle, shown.handle], NO_FIELDS) == {shown.handle: shown}
    assert len(it.calls) == 1
    found = await adapter.get_links([hidden.handle, "no such link", last_shown.handle], NO_FIELDS)
    assert found == {last_shown.handle: last_shown, hidden.handle: hidden}
    assert len(it.calls) == 1 + 3


async def test_no_handles_are_no_calls() -> None:
    it = bench("shortenworld")

    assert await adapter_of(it.account).get_links([], NO_FIELDS) == {}
    assert it.calls == []


async def test_a_walk_ends_after_two_thousand_links() -> None:
    def endless(request: httpx2.Request) -> Answer:
        first = int(request.url.params["page"]) * 100
        return good(links=[link_row(first + place) for place in range(100)])

    vendor = Vendor({LINKS: endless})
    adapter = adapter_of(account_of(vendor))

    assert set(await adapter.get_links(["id-1999", "id-2000"], NO_FIELDS)) == {"id-1999"}
    assert len(vendor.queries(LINKS)) == 20


async def test_a_walk_over_tiny_pages_ends_after_a_hundred_of_them() -> None:
    def endless(request: httpx2.Request) -> Answer:
        return good(links=[link_row(int(request.url.params["page"]))], total=10**9)

    vendor = Vendor({LINKS: endless})
    adapter = adapter_of(account_of(vendor))

    assert await adapter.get_links(["no such link"], NO_FIELDS) == {}
    assert len(vendor.queries(LINKS)) == 100


async def test_a_link_is_found_by_domain_and_slug_in_either_half() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    everything = await read(adapter, LinkFilter())

    for link in (everything[0], everything[-1]):
        assert link.domain is not None
        assert await adapter.find_link(link.domain.upper(), link.slug, NO_FIELDS) == link
    assert [call.query["hidden"] for call in it.calls if "search" in call.query] == ["false", "false", "true"]


async def test_a_search_hit_with_another_slug_or_domain_is_not_the_link() -> None:
    rows = [
        link_row(1, code="sale-2", linkShort="https://go.example.com/sale-2"),
        link_row(2, code="Sale", linkShort="https://go.example.com/Sale"),
        link_row(3, code="sale", linkShort="https://other.example.com/sale"),
    ]
    vendor = by_half(good(links=rows), good(links=[]))

    assert await adapter_of(account_of(vendor)).find_link("go.example.com", "sale", NO_FIELDS) is None
    assert [query["search"] for query in vendor.queries(LINKS)] == ["sale", "sale"]


async def test_a_slug_with_special_characters_reaches_the_vendor_as_it_is() -> None:
    it = bench("shortenworld")

    assert await adapter_of(it.account).find_link("go.example.com", "a&b=c/ü?#", NO_FIELDS) is None
    assert [call.query.get("search") for call in it.calls if call.path != LOGIN] == ["a&b=c/ü?#"] * 2
