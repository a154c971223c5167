"""Lists from which links are deleted while they are paged: no link that stays is skipped without a word."""

from collections.abc import Sequence
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.fake_accounts import FakeVendor, ListsDated, ListsUndated, fake_account, link
from harness.link_paging import Reading
from linkweave.gather.listing.link_sources import SKIPPED_NOTICE
from linkweave.gather.sources import SourceStatus
from linkweave.models import Link, Page
from linkweave.providers.paging import Offset, PageNumber
from linkweave.providers.read_capabilities import Lane


class PagesByOffset(ListsUndated):
    """As tiny.cc."""

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        self.vendor.answer(f"list {lane.name} {page}")
        at, links, size = Offset.parse(page), self.vendor.lanes[lane.name], self.vendor.page_size
        rows = links[at.number : at.number + size]
        following = at.next(len(rows), len(links))
        return Page(tuple(rows), self.clock.now(), following, back=at.back(len(rows) if following else size))


class PagesByNumber(ListsDated):
    """As ShortenWorld."""

    tells_total: ClassVar[bool] = True

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        self.vendor.answer(f"list {lane.name} {page}")
        at, links, size = PageNumber.parse(page, 0), self.vendor.lanes[lane.name], self.vendor.page_size
        total = len(links) if self.tells_total else None
        rows = links[at.number * size : (at.number + 1) * size]
        following = at.next(len(rows), size, total)
        back, is_unverified = at.back(size, total), at.is_unverified(total)
        return Page(tuple(rows), self.clock.now(), following, back=back, is_unverified=is_unverified)


class TellsNoTotal(PagesByNumber):
    tells_total: ClassVar[bool] = False


PAGED = pytest.mark.parametrize("kind", [PagesByOffset, PagesByNumber])


def twenty() -> FakeVendor:
    return FakeVendor({"a": [link(f"a{age}", age) for age in range(20)]}, page_size=5)


@PAGED
@settings(max_examples=200)
@given(st.integers(0, 25), st.integers(5, 8), st.lists(st.integers(1, 9), min_size=1, max_size=30), st.data())
async def test_each_link_that_stays_is_shown_once_or_the_source_is_partial(
    kind: type[ListsDated], count: int, page_size: int, firsts: Sequence[int], data: st.DataObject
) -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(count)]}, page_size)
    links, staying = vendor.lanes["a"], {f"a{age}" for age in range(count)}
    reading = Reading([fake_account(kind, vendor)])
    has_next = True
    for first in firsts:
        has_next = has_next and (await reading.page(first)).has_next
        for _ in range(data.draw(st.integers(0, 2))) if has_next else ():
            links.insert(0, link(f"new{len(vendor.questions)}.{len(links)}"))
        for _ in range(data.draw(st.integers(0, 4))) if has_next and links else ():
            if links:
                staying.discard(links.pop(data.draw(st.integers(0, len(links) - 1))).handle)
    if has_next:
        await reading.to_the_end()

    told = any(source.notice == SKIPPED_NOTICE for page in reading.pages for source in page.sources)
    assert told or sorted(reading.handles) == sorted(set(reading.handles))
    assert told or staying <= set(reading.handles)


@PAGED
@pytest.mark.parametrize("deleted", [[0], [3], [4], [0, 1, 2], [1, 2, 3, 4], [4, 9, 14]])
async def test_links_that_are_deleted_between_two_pages_skip_no_other(
    kind: type[ListsDated], deleted: Sequence[int]
) -> None:
    vendor = twenty()
    reading = Reading([fake_account(kind, vendor)])
    await reading.page(5)
    for index in reversed(deleted):
        del vendor.lanes["a"][index]
    await reading.to_the_end([5])

    gone = {f"a{index}" for index in deleted if index > 4}
    assert reading.handles == [f"a{age}" for age in range(20) if f"a{age}" not in gone]
    assert {source.status for page in reading.pages for source in page.sources} == {SourceStatus.OK}


@PAGED
async def test_a_list_of_which_all_known_links_are_deleted_is_partial(kind: type[ListsDated]) -> None:
    vendor = twenty()
    reading = Reading([fake_account(kind, vendor)])
    await reading.page(10)
    del vendor.lanes["a"][:10]
    await reading.to_the_end([10])

    (notice,) = {source.notice for page in reading.pages[1:2] for source in page.sources}
    assert (notice, reading.pages[1].sources[0].status) == (SKIPPED_NOTICE, SourceStatus.PARTIAL)
    assert set(reading.handles) == {f"a{age}" for age in range(20)}


async def test_a_list_by_number_without_a_total_is_partial_after_its_first_page() -> None:
    reading = await Reading([fake_account(TellsNoTotal, twenty())]).to_the_end([5])
    assert reading.handles == [f"a{age}" for age in range(20)]
    statuses = [page.sources[0].status for page in reading.pages]
    assert statuses == [SourceStatus.OK, *[SourceStatus.PARTIAL] * (len(statuses) - 1)]


async def test_a_list_that_does_not_change_costs_no_further_call() -> None:
    vendor = twenty()
    await Reading([fake_account(PagesByNumber, vendor)]).to_the_end()
    assert len(vendor.asked("list")) == 4
