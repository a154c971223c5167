"""Lists that change between two pages, and lists that never end."""

from collections.abc import Sequence
from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.fake_accounts import FakeVendor, ListsDated, ListsUndated, down, fake_account, link
from harness.link_paging import Reading
from linkweave.errors import ErrorCode
from linkweave.gather.listing.lane_reader import EMPTY_PAGE_COST, MAX_SCANNED
from linkweave.gather.sources import Source, SourceStatus
from linkweave.models import Link, LinkFilter, Page
from linkweave.providers.read_capabilities import Lane

MATCHING = LinkFilter(tags_all=("match",))


def handles(links: Sequence[Link]) -> list[str]:
    return [each.handle for each in links]


@settings(max_examples=60)
@given(
    st.lists(st.booleans(), max_size=20),
    st.integers(2, 6),
    st.lists(st.integers(1, 5), min_size=1, max_size=20),
    st.sampled_from([LinkFilter(), MATCHING]),
    st.data(),
)
async def test_a_link_that_is_created_between_two_pages_neither_skips_nor_repeats_a_link(
    matches: list[bool], page_size: int, firsts: list[int], wanted: LinkFilter, data: st.DataObject
) -> None:
    old = [link(f"old{age}", age, match=match) for age, match in enumerate(matches)]
    vendor = FakeVendor({"a": list(old)}, page_size)
    reading = Reading([fake_account(ListsUndated, vendor)], wanted)
    has_next = True
    for first in firsts:
        has_next = has_next and (await reading.page(first)).has_next
        if has_next and data.draw(st.booleans()):
            vendor.lanes["a"].insert(0, link(f"new{len(vendor.lanes['a'])}", match=True))
    if has_next:
        await reading.to_the_end()
    assert reading.handles == [each.handle for each in old if wanted is not MATCHING or each.tags]


async def test_a_link_that_is_created_while_a_page_is_read_repeats_no_link() -> None:
    old = [link(f"old{age}", age) for age in range(6)]
    vendor = FakeVendor({"a": list(old)}, page_size=3)

    def make_one(_number: int, words: str) -> None:
        if words == "list a 3":
            vendor.lanes["a"].insert(0, link("new"))

    vendor.fails = make_one
    reading = await Reading([fake_account(ListsDated, vendor)]).to_the_end()
    assert reading.handles == handles(old)


async def test_a_link_that_is_deleted_before_the_position_skips_no_link_of_the_page() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(6)]})
    reading = Reading([fake_account(ListsDated, vendor)])
    await reading.page(3)
    del vendor.lanes["a"][0]
    await reading.to_the_end()
    assert reading.handles == ["a0", "a1", "a2", "a3", "a4", "a5"]


async def test_a_list_that_became_shorter_than_the_position_ends() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(6)]})
    reading = Reading([fake_account(ListsDated, vendor)])
    await reading.page(4)
    del vendor.lanes["a"][2:]
    await reading.to_the_end()
    assert reading.handles == ["a0", "a1", "a2", "a3"]
    assert reading.sources["one"].exhausted


async def test_the_position_is_after_the_link_before_where_its_own_link_was_deleted() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(6)]})
    reading = Reading([fake_account(ListsDated, vendor)])
    await reading.page(3)
    vendor.lanes["a"][2] = link("another", 2)
    await reading.to_the_end()
    assert reading.handles == ["a0", "a1", "a2", "another", "a3", "a4", "a5"]


async def test_a_link_that_a_vendor_lists_twice_is_shown_once() -> None:
    vendor = FakeVendor({"a": [link("same"), link("same"), link("other"), link("last")]})
    for first in (1, 2, 100):
        reading = await Reading([fake_account(ListsUndated, vendor)]).to_the_end([first])
        assert reading.handles == ["same", "other", "last"]


class Misbehaves(ListsUndated):
    """Every page is called as `script` says: the links on it and the token of the next page."""

    script: ClassVar[dict[str | None, tuple[Sequence[str], str | None]]]

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        self.vendor.answer(f"list {lane.name} {page}")
        names, following = self.script[page]
        return Page(tuple(link(name, match="match" in name) for name in names), self.clock.now(), following)


class RepeatsOneToken(Misbehaves):
    script: ClassVar = {None: (["a", "b"], "again"), "again": (["c", "d"], "again")}


class RepeatsItsFirstToken(Misbehaves):
    script: ClassVar = {None: (["a", "b"], "x"), "x": (["c", "d"], "y"), "y": (["e", "f"], "x")}


class GivesNothingAgainAndAgain(Misbehaves):
    script: ClassVar = {None: ([], "again"), "again": ([], "again")}


class IgnoresOffsets(ListsUndated):
    """Tells the next offset but answers every offset alike."""

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        self.vendor.answer(f"list {lane.name} {page}")
        return Page((link("a"), link("b")), self.clock.now(), str(int(page or 0) + 2))


class NeverEnds(ListsUndated):
    """Empty pages, each with the token of another."""

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        self.vendor.answer(f"list {lane.name} {page}")
        return Page((), self.clock.now(), str(int(page or 0) + 1))


def is_stuck(source: Source) -> bool:
    return source.error is not None and source.error.code is ErrorCode.BAD_RESPONSE and not source.exhausted


async def test_a_token_that_is_repeated_for_ever_is_a_bad_response() -> None:
    for first in (1, 2, 3, 100):
        vendor = FakeVendor({"a": []})
        reading = await Reading([fake_account(RepeatsOneToken, vendor)]).to_the_end([first])

        error = reading.sources["one"].error
        assert reading.handles == ["a", "b", "c", "d"]
        assert is_stuck(reading.sources["one"])
        assert str(error) == "one: the list leads back to a page that was read before (list links)"
        assert len(vendor.asked("list")) <= 2 * len(reading.pages)


async def test_a_token_that_leads_back_to_an_earlier_page_is_a_bad_response() -> None:
    vendor = FakeVendor({"a": []})
    reading = Reading([fake_account(RepeatsItsFirstToken, vendor)])
    await reading.page()
    assert reading.handles == ["a", "b", "c", "d", "e", "f"]
    assert is_stuck(reading.sources["one"])
    assert len(vendor.asked("list")) == 3


async def test_a_repeated_token_on_empty_pages_is_a_bad_response() -> None:
    vendor = FakeVendor({"a": []})
    reading = await Reading([fake_account(GivesNothingAgainAndAgain, vendor)]).to_the_end()
    assert is_stuck(reading.sources["one"])
    assert len(vendor.asked("list")) <= 4


async def test_a_vendor_that_answers_every_offset_alike_is_a_bad_response() -> None:
    for first in (1, 2, 100):
        vendor = FakeVendor({"a": []})
        reading = await Reading([fake_account(IgnoresOffsets, vendor)]).to_the_end([first])

        assert reading.handles == ["a", "b"]
        assert is_stuck(reading.sources["one"])
        assert len(vendor.asked("list")) <= 4


async def test_an_endless_list_of_empty_pages_costs_few_calls() -> None:
    vendor = FakeVendor({"a": []})
    reading = Reading([fake_account(NeverEnds, vendor)])
    await reading.page()
    source = reading.sources["one"]
    assert (source.status, source.exhausted) == (SourceStatus.PARTIAL, False)
    assert len(vendor.asked("list")) <= MAX_SCANNED // EMPTY_PAGE_COST + 1


class HasEmptyPages(Misbehaves):
    script: ClassVar = {None: (["a"], "x"), "x": ([], "y"), "y": (["b"], None)}


async def test_an_empty_page_with_a_next_page_is_not_the_end() -> None:
    vendor = FakeVendor({"a": []})
    reading = await Reading([fake_account(HasEmptyPages, vendor)]).to_the_end([1])
    assert reading.handles == ["a", "b"]
    assert len(vendor.asked("list")) == 3


async def test_the_position_after_an_empty_page_keeps_the_mark_of_the_last_link() -> None:
    vendor = FakeVendor({"a": []})
    vendor.fails = lambda number, words: down() if words == "list a y" and number < 6 else None
    reading = Reading([fake_account(HasEmptyPages, vendor)])
    await reading.page()
    assert reading.handles == ["a"]
    await reading.page()
    assert reading.handles == ["a", "b"]


class EndsEmpty(Misbehaves):
    script: ClassVar = {None: (["a match"], "x"), "x": ([], None)}


async def test_an_empty_last_page_ends_the_list() -> None:
    reading = await Reading([fake_account(EndsEmpty, FakeVendor({"a": []}))], MATCHING).to_the_end([1])
    assert reading.handles == ["a match"]
    assert [len(page.edges) for page in reading.pages] == [1, 0]
    assert reading.sources["one"].exhausted
