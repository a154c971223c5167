"""One page of links: its end, its calls, and its sources."""

from datetime import timedelta

from harness.emulators import NOW
from harness.fake_accounts import (
    FakeVendor,
    ListsDated,
    ListsUndated,
    NamesDomains,
    down,
    fake_account,
    fresh,
    link,
)
from harness.link_paging import Reading
from linkweave.errors import ErrorCode
from linkweave.gather.listing.account_reader import AccountReader
from linkweave.gather.listing.lane_position import START
from linkweave.gather.listing.lane_reader import MAX_SCANNED, LaneReader, ScanBudget
from linkweave.gather.listing.link_pages import list_links
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery, ListPosition
from linkweave.gather.listing.link_sources import SCAN_NOTICE
from linkweave.gather.sources import SourceStatus
from linkweave.models import LinkFilter, LinkOrigin, Page
from linkweave.providers.read_capabilities import FilterField, LinkOrder

MATCHING = LinkFilter(tags_all=("match",))


async def test_ten_lanes_of_an_undated_account_are_asked_before_it_is_known_how_long_they_are() -> None:
    lanes = {f"lane{number}": [link(f"link{number}", None)] for number in range(25)}
    vendor = FakeVendor(lanes)
    await Reading([fake_account(ListsUndated, vendor)]).page(1)
    assert vendor.asked("list") == [f"list lane{number} None" for number in range(10)]


async def test_no_lane_of_an_undated_account_is_asked_that_the_page_is_known_not_to_need() -> None:
    lanes = {name: [link(f"{name}{number}", None) for number in range(5)] for name in "abcd"}
    account = fake_account(ListsUndated, vendor := FakeVendor(lanes))
    await Reading([account]).page(1)
    vendor.questions.clear()
    reading = Reading([account])
    await reading.page(9)
    assert vendor.asked("list") == ["list a None", "list b None"]
    assert reading.handles == [f"{name}{number}" for name in "ab" for number in range(5)][:9]


async def test_a_lane_that_fails_after_the_end_of_the_page_costs_nothing() -> None:
    lanes = {name: [link(name, None)] for name in "ab"}
    vendor = FakeVendor(lanes, fails=lambda _, words: down("fake") if words == "list b None" else None)
    page = await Reading([fake_account(ListsUndated, vendor)]).page(1)
    assert [(source.status, source.error) for source in page.sources] == [(SourceStatus.OK, None)]


async def test_links_without_a_date_come_after_those_with_one() -> None:
    vendor = FakeVendor({"a": [link("unknown", None)], "b": [link("old", 99)]})
    reading = await Reading([fake_account(ListsDated, vendor)]).to_the_end()
    assert reading.handles == ["old", "unknown"]


async def test_links_of_the_same_moment_come_in_the_order_of_the_configuration() -> None:
    vendors = [FakeVendor({"a": [link(f"{key}{number}", 5) for number in range(2)]}) for key in "xy"]
    accounts = [fake_account(ListsDated, vendor, key) for vendor, key in zip(vendors, "xy", strict=True)]
    reading = await Reading(accounts).to_the_end([1])
    assert reading.handles == ["x0", "x1", "y0", "y1"]


async def test_an_account_that_lacks_lists_is_unsupported_and_exhausted() -> None:
    vendor = FakeVendor()
    reading = Reading([fake_account(NamesDomains, vendor)])
    page = await reading.page()
    source = reading.sources["one"]
    assert (source.status, source.exhausted) == (SourceStatus.UNSUPPORTED, True)
    assert source.error is not None
    assert source.error.code is ErrorCode.UNSUPPORTED
    assert not page.has_next
    assert not vendor.questions


async def test_a_plan_without_lanes_ends_with_its_notice_and_is_not_planned_again() -> None:
    vendor = FakeVendor(notice="There are none.")
    other = FakeVendor({"a": [link("a0", 1), link("a1", 2)]})
    reading = Reading([fake_account(ListsDated, vendor), fake_account(ListsDated, other, "other")])
    await reading.page(1)
    assert (reading.sources["one"].notice, reading.sources["one"].exhausted) == ("There are none.", True)
    await reading.page(1)
    assert vendor.questions == ["plan"]


async def test_a_source_has_the_time_at_which_its_oldest_page_was_fetched() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(4)]}, page_size=2)
    account = fake_account(ListsDated, vendor)
    clock = account.adapter.clock
    vendor.fails = lambda _number, _words: clock.advance(60)  # type: ignore[attr-defined] # a ManualClock
    reading = Reading([account])
    await reading.page()
    assert reading.sources["one"].fetched_at == NOW + timedelta(seconds=120)
    assert vendor.questions == ["plan", "list a None", "list a 2"]


async def test_a_vendors_page_is_not_fetched_again_where_the_merged_page_ends_with_it() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(6)]}, page_size=3)
    reading = await Reading([fake_account(ListsDated, vendor)]).to_the_end([3])
    assert len(reading.pages) == 2
    assert vendor.asked("list") == ["list a None", "list a 3"]


async def test_the_last_link_ends_the_list_without_another_page() -> None:
    vendor = FakeVendor({"a": [link("a0", 0, match=True), link("a1", 1, match=True), link("a2", 2)]})
    reading = Reading([fake_account(ListsDated, vendor)], MATCHING)
    page = await reading.page(2)
    assert reading.handles == ["a0", "a1"]
    assert not page.has_next
    assert reading.sources["one"].exhausted


async def test_a_list_that_is_newest_first_stops_at_the_first_link_that_is_too_old() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(9)]}, page_size=2)
    wanted = LinkFilter(created_after=NOW - timedelta(minutes=2))
    reading = await Reading([fake_account(ListsDated, vendor)], wanted).to_the_end()
    assert reading.handles == ["a0", "a1", "a2"]
    assert vendor.asked("list") == ["list a None", "list a 2"]
    assert reading.sources["one"].exhausted


async def test_a_page_is_the_last_where_the_next_link_is_too_old() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age) for age in range(9)]}, page_size=3)
    wanted = LinkFilter(created_after=NOW - timedelta(minutes=1))
    reading = Reading([fake_account(ListsDated, vendor)], wanted)
    page = await reading.page(2)
    assert not page.has_next
    assert vendor.asked("list") == ["list a None"]


async def test_a_link_without_a_date_does_not_end_a_list() -> None:
    vendor = FakeVendor({"a": [link("unknown", None), link("new", 1), link("old", 9)]})
    wanted = LinkFilter(created_after=NOW - timedelta(minutes=2))
    reading = await Reading([fake_account(ListsDated, vendor)], wanted).to_the_end()
    assert reading.handles == ["new"]


async def test_a_list_in_the_vendors_own_order_is_read_beyond_links_that_are_too_old() -> None:
    vendor = FakeVendor({"a": [link("old", 9), link("new", 1)]})
    wanted = LinkFilter(created_after=NOW - timedelta(minutes=2))
    reading = await Reading([fake_account(ListsUndated, vendor)], wanted).to_the_end()
    assert reading.handles == ["new"]


async def test_links_match_by_origin_where_the_lanes_are_chosen_by_it() -> None:
    vendor = FakeVendor({"a": [link("a")]}, handled=frozenset({FilterField.ORIGIN}))
    reading = await Reading([fake_account(ListsDated, vendor)], LinkFilter(origin=LinkOrigin.API)).to_the_end()
    assert reading.handles == ["a"]


async def test_a_scan_at_its_limit_is_partial_and_the_cursor_continues_it() -> None:
    links = [link(f"a{age}", age, match=age in {0, 3_000}) for age in range(3_001)]
    vendor = FakeVendor({"a": links})
    reading = Reading([fake_account(ListsDated, vendor)], MATCHING)
    page = await reading.page()
    source = reading.sources["one"]
    assert reading.handles == ["a0"]
    assert (source.status, source.notice, source.exhausted) == (SourceStatus.PARTIAL, SCAN_NOTICE, False)
    assert source.error is None
    assert page.has_next
    looked_at = len(vendor.asked("list")) * 50
    assert MAX_SCANNED - 50 <= looked_at <= MAX_SCANNED
    stopped_at = vendor.questions[-1]
    await reading.to_the_end()
    assert reading.handles == ["a0", "a3000"]
    assert vendor.questions.count(stopped_at) == 2
    assert vendor.questions.count("list a 0") == 0


async def test_the_scan_limit_is_shared_by_the_lanes_of_an_account() -> None:
    vendor = FakeVendor({name: [link(f"{name}{age}", age) for age in range(3_000)] for name in "abcd"})
    reading = Reading([fake_account(ListsDated, vendor)], MATCHING)
    await reading.page()
    assert reading.sources["one"].status is SourceStatus.PARTIAL
    assert len(vendor.asked("list")) * 50 <= MAX_SCANNED + 4 * 50


async def test_pages_of_one_query_share_its_scan_budget() -> None:
    vendor = FakeVendor({"a": [link(f"a{age}", age, match=not age % 1_500) for age in range(4_501)]})
    question = LinkQuery((AccountQuery(fresh(fake_account(ListsDated, vendor)), MATCHING),))
    first = await list_links(question, 2, ListPosition())
    second = await list_links(question, 2, first.end)
    assert [edge.link.handle for edge in first.edges] == ["a0", "a1500"]
    assert not second.edges
    assert second.sources[0].status is SourceStatus.PARTIAL


async def test_an_account_at_its_scan_limit_does_not_hide_the_links_of_another() -> None:
    endless = FakeVendor({"a": [link(f"a{age}", age) for age in range(2_500)]})
    short = FakeVendor({"a": [link("b", 3_000, match=True)]})
    reading = Reading([fake_account(ListsDated, endless), fake_account(ListsDated, short, "two")], MATCHING)
    await reading.page()
    assert reading.handles == ["b"]
    assert reading.sources["two"].exhausted


async def test_a_cursor_does_not_grow_with_lanes_that_are_at_their_start_or_end() -> None:
    many = {f"list-{number}": [link(f"{number}", None)] for number in range(400)}
    reading = Reading([fake_account(ListsUndated, FakeVendor(many))])
    await reading.page(1)
    assert reading.cursor is not None
    assert len(reading.cursor) < 200
    await reading.to_the_end()
    assert len(reading.cursor) < 100


async def test_a_cursor_of_hundreds_of_lanes_is_accepted() -> None:
    many = {f"list-{number}-{'x' * 40}": [link(f"{number}", None)] for number in range(500)}
    reading = Reading([fake_account(ListsUndated, FakeVendor(many))])
    await reading.to_the_end()
    assert len(reading.handles) == 500


async def test_a_lane_that_was_missing_for_a_page_is_read_on_from_its_position() -> None:
    lanes = {"a": [link(f"a{age}", age) for age in range(4)], "b": [link(f"b{age}", age) for age in range(4)]}
    vendor = FakeVendor(dict(lanes))
    reading = Reading([fake_account(ListsDated, vendor)])
    await reading.page(4)
    del vendor.lanes["a"]
    await reading.page(1)
    vendor.lanes = lanes
    await reading.to_the_end()
    assert sorted(reading.handles) == sorted(each.handle for lane in lanes.values() for each in lane)


async def test_a_lane_that_appears_between_two_pages_is_read_from_its_start() -> None:
    vendor = FakeVendor({"a": [link(f"a{number}", None) for number in range(3)]})
    reading = Reading([fake_account(ListsUndated, vendor)])
    await reading.page(1)
    vendor.lanes["b"] = [link("b0", None)]
    await reading.to_the_end()
    assert reading.handles == ["a0", "a1", "a2", "b0"]


async def test_a_reader_does_not_advance_before_it_has_read_a_link() -> None:
    async def fetch(_: str | None) -> Page[object]:
        raise AssertionError("not asked")

    lane = LaneReader(fetch, (), ScanBudget())  # type: ignore[arg-type] # never answers
    account = AccountReader("one", LinkOrder.NEWEST_FIRST, {"a": lane})
    lane.advance()
    account.advance()
    assert lane.position == START
    assert account.position() == {}
    assert not account.at_end()
