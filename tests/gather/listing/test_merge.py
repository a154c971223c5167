"""The promise of merged lists, over any accounts, lanes, page sizes and filters."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.fake_accounts import FakeVendor, ListsDated, ListsUndated, fake_account, link
from harness.link_paging import Reading
from linkweave.accounts import Account
from linkweave.gather.sources import SourceStatus
from linkweave.models import Link, LinkFilter
from linkweave.providers.read_capabilities import FilterField

MATCHING = LinkFilter(tags_all=("match",))


@dataclass(frozen=True)
class Made:
    """An account as it was drawn."""

    vendor: FakeVendor
    dated: bool

    def open(self, key: str) -> Account:
        return fake_account(ListsDated if self.dated else ListsUndated, self.vendor, key)

    def lanes(self, wanted: LinkFilter) -> list[list[str]]:
        """What each lane should give, as handles."""
        return [
            [each.handle for each in lane if wanted is not MATCHING or each.tags] for lane in self.vendor.lanes.values()
        ]


ages = st.one_of(st.none(), st.integers(0, 30))
page_sizes = st.lists(st.integers(1, 100) | st.integers(1, 5), min_size=1, max_size=12)
filters = st.sampled_from([LinkFilter(), MATCHING])


@st.composite
def made_accounts(draw: st.DrawFn, *, in_order: bool = False) -> list[Made]:
    kinds = draw(st.lists(st.booleans(), min_size=0, max_size=4))
    return [draw(made_account(str(number), dated, in_order)) for number, dated in enumerate(kinds)]


@st.composite
def made_account(draw: st.DrawFn, key: str, dated: bool, in_order: bool) -> Made:
    lanes: dict[str, list[Link]] = {}
    for lane in draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=4)):
        told = draw(st.lists(st.tuples(st.integers(0, 30) if in_order else ages, st.booleans()), max_size=14))
        if in_order:
            told.sort()
        lanes[lane] = [
            link(f"{key}{lane}{number}", minutes if dated else None, match=match)
            for number, (minutes, match) in enumerate(told)
        ]
    handled = draw(st.sampled_from([frozenset[FilterField](), frozenset({FilterField.TAGS})]))
    return Made(FakeVendor(lanes, draw(st.integers(1, 7)), handled), dated)


def opened(made: Sequence[Made]) -> list[Account]:
    return [each.open(f"account-{number}") for number, each in enumerate(made)]


@settings(max_examples=60)
@given(made_accounts(), filters, page_sizes)
async def test_paging_to_the_end_gives_every_matching_link_once_and_exhausts_every_source(
    made: list[Made], wanted: LinkFilter, sizes: list[int]
) -> None:
    reading = await Reading(opened(made), wanted).to_the_end(sizes)
    expected = [handle for each in made for lane in each.lanes(wanted) for handle in lane]
    assert sorted(reading.handles) == sorted(expected)
    assert all(source.exhausted for source in reading.sources.values())
    assert {source.status for page in reading.pages for source in page.sources} <= {SourceStatus.OK}


@settings(max_examples=60)
@given(made_accounts(), filters, page_sizes)
async def test_each_list_of_each_account_keeps_its_own_order(
    made: list[Made], wanted: LinkFilter, sizes: list[int]
) -> None:
    reading = await Reading(opened(made), wanted).to_the_end(sizes)
    for each in made:
        lanes = each.lanes(wanted)
        for lane in lanes:
            assert [handle for handle in reading.handles if handle in lane] == lane
        if not each.dated:
            walked = [handle for lane in lanes for handle in lane]
            assert [handle for handle in reading.handles if handle in walked] == walked


@settings(max_examples=60)
@given(made_accounts(in_order=True), filters, page_sizes)
async def test_dated_accounts_are_newest_first_among_each_other(
    made: list[Made], wanted: LinkFilter, sizes: list[int]
) -> None:
    reading = await Reading(opened(made), wanted).to_the_end(sizes)
    links = [edge.link for page in reading.pages for edge in page.edges]
    dates = [each.created_at for each in links if each.created_at is not None]
    assert dates == sorted(dates, reverse=True)


@settings(max_examples=60)
@given(made_accounts(), filters, page_sizes)
async def test_undated_accounts_take_turns_with_the_dated_ones_one_link_per_turn(
    made: list[Made], wanted: LinkFilter, sizes: list[int]
) -> None:
    reading = await Reading(opened(made), wanted).to_the_end(sizes)
    dated = [handle for each in made if each.dated for lane in each.lanes(wanted) for handle in lane]
    undated = [[handle for lane in each.lanes(wanted) for handle in lane] for each in made if not each.dated]
    parts = [set(dated), *map(set, undated)]
    turns = deque(range(len(parts)))
    for handle in reading.handles:
        while not parts[turns[0]]:
            turns.popleft()
        parts[turns[0]].remove(handle)
        turns.rotate(-1)


@settings(max_examples=60)
@given(made_accounts(), filters, page_sizes)
async def test_the_order_does_not_depend_on_the_page_sizes(
    made: list[Made], wanted: LinkFilter, sizes: list[int]
) -> None:
    accounts = opened(made)
    in_pieces = await Reading(accounts, wanted).to_the_end(sizes)
    at_once = await Reading(accounts, wanted).to_the_end([100])
    assert in_pieces.handles == at_once.handles


@settings(max_examples=60)
@given(made_accounts(), filters, st.integers(1, 100), st.data())
async def test_the_cursor_of_any_link_continues_right_after_it(
    made: list[Made], wanted: LinkFilter, first: int, data: st.DataObject
) -> None:
    accounts = opened(made)
    reading = await Reading(accounts, wanted).to_the_end([first])
    edges = [edge for page in reading.pages for edge in page.edges]
    if not edges:
        return
    place = data.draw(st.integers(0, len(edges) - 1))
    rest = await reading.after(edges[place].position).to_the_end(data.draw(page_sizes))
    assert rest.handles == reading.handles[place + 1 :]


@settings(max_examples=60)
@given(made_accounts(), filters, page_sizes)
async def test_a_request_fetches_no_page_twice_and_plans_no_exhausted_account(
    made: list[Made], wanted: LinkFilter, sizes: list[int]
) -> None:
    reading = Reading(opened(made), wanted)
    finished: set[str] = set()
    has_next = True
    while has_next:
        before = [len(each.vendor.questions) for each in made]
        page = await reading.page(sizes.pop() if sizes else 100)
        for number, each in enumerate(made):
            asked = each.vendor.questions[before[number] :]
            assert len(asked) == len(set(asked))
            assert not (asked and f"account-{number}" in finished)
        finished |= {source.account.key for source in page.sources if source.exhausted}
        has_next = page.has_next


@settings(max_examples=60)
@given(made_accounts(), st.integers(1, 100))
async def test_a_request_fetches_no_more_pages_of_a_lane_than_it_needs(made: list[Made], first: int) -> None:
    await Reading(opened(made)).page(first)
    for each in made:
        for name in each.vendor.lanes:
            assert len(each.vendor.asked(f"list {name} ")) <= first // each.vendor.page_size + 1
