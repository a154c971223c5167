"""Lists of a site whose order within a second changes from call to call: paging gives every link once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.emulators import ManualClock
from harness.virtual_time import VirtualTimeLoop
from harness.yourls_vendor import adapter_over, client_of
from linkweave.models import LinkFilter
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.yourls.adapter import YourlsAdapter
from linkweave.providers.yourls.emulator.site import Site, StoredLink

START = datetime(2026, 11, 1, tzinfo=UTC)
LANE = Lane("links")


def site_with(seconds: list[int]) -> Site:
    """A site with so many links in each second, the oldest second first."""
    links = [
        StoredLink(f"s{second}n{number}", f"https://example.com/{second}/{number}", "x", START + timedelta(0, second))
        for second, count in enumerate(seconds)
        for number in range(count)
    ]
    return Site(ManualClock(), links)


async def paged(adapter: YourlsAdapter, site: Site, *, deleted: int = 0, added: int = 0) -> list[str]:
    """The slugs of all pages. After the first page, some of its links are gone, and others were made."""
    slugs: list[str] = []
    token: str | None = None
    while True:
        page = await adapter.list_links(LANE, token)
        slugs += [link.slug for link in page.items]
        if token is None:
            for slug in slugs[:deleted]:
                del site.links[slug]
            for number in range(added):
                site.links[f"new{number}"] = StoredLink(f"new{number}", f"https://example.com/new/{number}", "x", START)
                site.links[f"new{number}"].timestamp += timedelta(days=9)
        token = page.next
        if token is None:
            return slugs


@pytest.mark.parametrize(
    ("seconds", "deleted", "added"),
    [
        ([1] * 500, 0, 0),
        ([1] * 500, 10, 0),
        ([1] * 500, 0, 300),
        ([150] * 4, 10, 40),
        ([300, 1, 300], 0, 0),
        ([900, 3], 0, 40),
        ([209] * 3, 10, 0),
        ([210] * 3, 0, 500),
        ([211] * 3, 0, 0),
        ([200, 10, 200, 10], 0, 0),
    ],
)
async def test_every_link_is_on_one_page_also_while_links_are_made_and_deleted(
    seconds: list[int], deleted: int, added: int
) -> None:
    site = site_with(seconds)
    expected = Counter(site.links.keys())
    assert Counter(await paged(adapter_over(client_of(site)), site, deleted=deleted, added=added)) == expected


@settings(max_examples=25)
@given(st.lists(st.integers(1, 250), max_size=4))
def test_every_link_is_on_one_page_whatever_was_made_in_one_second(seconds: list[int]) -> None:
    site = site_with(seconds)
    loop = VirtualTimeLoop()
    try:
        slugs = loop.run_until_complete(paged(adapter_over(client_of(site)), site))
    finally:
        loop.close()
    assert Counter(slugs) == Counter(site.links.keys())


@pytest.mark.parametrize(
    ("wanted", "lanes", "notice"),
    [
        (LinkFilter(tags_any=("sale",)), 0, "YOURLS has no tags."),
        (LinkFilter(tags_none=("sale",)), 1, None),
        (LinkFilter(archived=True), 0, "YOURLS has no archived links."),
        (LinkFilter(team_ids=("1",)), 0, None),
        (LinkFilter(search="coat"), 1, None),
    ],
)
async def test_a_filter_on_what_the_site_does_not_have_matches_nothing(
    wanted: LinkFilter, lanes: int, notice: str | None
) -> None:
    plan = await adapter_over(client_of(site_with([]))).plan_links(wanted)
    assert (len(plan.lanes), plan.notice) == (lanes, notice)
