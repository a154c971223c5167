"""Merged lists while accounts fail: the other accounts' links are there, and no link is lost or repeated."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.fake_accounts import FakeVendor, ListsDated, ListsUndated, LosesRows, down, fake_account, link
from harness.link_paging import Reading
from linkweave.accounts import Account
from linkweave.gather.sources import SourceStatus


def vendor_of(key: str, links: int, page_size: int, lanes: int = 1) -> FakeVendor:
    names = "abcd"[:lanes]
    return FakeVendor({name: [link(f"{key}{name}{age}", age) for age in range(links)] for name in names}, page_size)


def handles_of(*vendors: FakeVendor) -> list[str]:
    return sorted(each.handle for vendor in vendors for lane in vendor.lanes.values() for each in lane)


kinds = st.sampled_from([ListsDated, ListsUndated])
sizes = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@settings(max_examples=60)
@given(kinds, kinds, st.integers(1, 4), sizes, st.sets(st.integers(1, 25)))
async def test_following_the_cursor_returns_every_link_once_whichever_calls_fail(
    flaky_kind: type[ListsDated], steady_kind: type[ListsDated], lanes: int, firsts: list[int], failing: set[int]
) -> None:
    flaky, steady = vendor_of("flaky", 5, 2, lanes), vendor_of("steady", 12, 5)
    flaky.fails = lambda number, _words: down("flaky") if number in failing else None
    reading = Reading([fake_account(flaky_kind, flaky, "flaky"), fake_account(steady_kind, steady, "steady")])
    await reading.to_the_end(firsts)
    while not reading.sources["flaky"].exhausted:
        await reading.page(firsts[-1])
    assert sorted(reading.handles) == handles_of(flaky, steady)
    assert all(source.exhausted for source in reading.sources.values())


@settings(max_examples=60)
@given(kinds, kinds, st.integers(1, 4), sizes, st.integers(1, 12))
async def test_a_client_that_reads_while_there_is_a_next_page_ends_though_an_account_stays_broken(
    broken_kind: type[ListsDated], steady_kind: type[ListsDated], lanes: int, firsts: list[int], breaks_at: int
) -> None:
    broken, steady = vendor_of("broken", 5, 2, lanes), vendor_of("steady", 12, 5)
    broken.fails = lambda number, _words: down("broken") if number >= breaks_at else None
    reading = Reading([fake_account(broken_kind, broken, "broken"), fake_account(steady_kind, steady, "steady")])
    await reading.to_the_end(firsts)
    assert [handle for handle in reading.handles if handle.startswith("steady")] == [
        f"steadya{age}" for age in range(12)
    ]
    assert len(reading.handles) == len(set(reading.handles))


@settings(max_examples=60)
@given(kinds, st.integers(1, 4), sizes, st.sets(st.integers(1, 25)))
async def test_a_source_that_failed_has_the_error_and_is_not_exhausted(
    kind: type[ListsDated], lanes: int, firsts: list[int], failing: set[int]
) -> None:
    vendor = vendor_of("a", 6, 2, lanes)
    vendor.fails = lambda number, _words: down() if number in failing else None
    reading = Reading([fake_account(kind, vendor)])
    await reading.to_the_end(firsts)
    for page in reading.pages:
        (source,) = page.sources
        assert source.returned == len(page.edges)
        if source.error is None:
            assert source.status is SourceStatus.OK
        else:
            assert source.status is (SourceStatus.PARTIAL if page.edges else SourceStatus.FAILED)
            assert not source.exhausted


def broken(key: str = "one") -> Account:
    vendor = vendor_of(key, 3, 2)
    vendor.fails = lambda _number, words: down(key) if words.startswith("list") else None
    return fake_account(ListsDated, vendor, key)


async def test_a_page_on_which_every_account_fails_has_a_cursor_and_no_next_page() -> None:
    vendor = vendor_of("a", 3, 2)
    vendor.fails = lambda number, _words: down() if number == 2 else None
    reading = Reading([fake_account(ListsDated, vendor)])
    page = await reading.page()
    assert (page.edges, page.has_next) == ((), False)
    assert reading.sources["one"].status is SourceStatus.FAILED
    await reading.page()
    assert reading.handles == ["aa0", "aa1", "aa2"]


async def test_an_account_that_fails_after_some_links_is_partial_and_continues_after_them() -> None:
    vendor = vendor_of("a", 4, 2)
    vendor.fails = lambda _number, words: down() if words == "list a 2" and len(vendor.questions) == 3 else None
    reading = Reading([fake_account(ListsDated, vendor)])
    page = await reading.page()
    source = reading.sources["one"]
    assert (source.status, source.returned, source.exhausted) == (SourceStatus.PARTIAL, 2, False)
    assert source.error is not None
    assert "503" in source.error.message
    assert page.has_next
    await reading.page()
    assert reading.handles == ["aa0", "aa1", "aa2", "aa3"]


async def test_an_account_whose_plan_fails_is_failed_and_is_planned_again_with_the_cursor() -> None:
    vendor = vendor_of("a", 1, 2)
    vendor.fails = lambda number, _words: down() if number == 1 else None
    reading = Reading([fake_account(ListsDated, vendor)])
    page = await reading.page()
    assert (reading.sources["one"].status, page.has_next) == (SourceStatus.FAILED, False)
    await reading.page()
    assert reading.handles == ["aa0"]


async def test_a_lane_that_fails_holds_back_the_other_lanes_of_its_account() -> None:
    vendor = vendor_of("a", 2, 2, lanes=2)
    vendor.fails = lambda _number, words: down() if words == "list b None" else None
    reading = Reading([fake_account(ListsDated, vendor)])
    page = await reading.page()
    assert (page.edges, page.has_next) == ((), False)


async def test_a_broken_account_does_not_change_whose_turn_it_is() -> None:
    first, second = vendor_of("first", 4, 5), vendor_of("second", 4, 5)
    reading = Reading(
        [
            broken("broken"),
            fake_account(ListsUndated, first, "first"),
            fake_account(ListsUndated, second, "second"),
        ]
    )
    await reading.page(3)
    await reading.page(3)
    assert reading.handles == ["firsta0", "seconda0", "firsta1", "seconda1", "firsta2", "seconda2"]


@pytest.mark.parametrize("kind", [ListsDated, ListsUndated])
@pytest.mark.parametrize("where", ["plan", "list a None", "list b None"])
async def test_an_error_of_the_gateways_own_fails_the_list(kind: type[ListsDated], where: str) -> None:
    vendor = FakeVendor({"a": [], "b": [link("b0")]})
    vendor.fails = lambda _number, words: ZeroDivisionError("a fault of ours") if words == where else None
    with pytest.raises(ZeroDivisionError, match="a fault of ours"):
        await Reading([fake_account(kind, vendor)]).page()


async def test_an_error_of_the_gateways_own_is_raised_before_a_vendors_failure() -> None:
    vendor = vendor_of("a", 2, 2, lanes=2)
    vendor.fails = lambda _number, words: {"list a None": down(), "list b None": ZeroDivisionError()}.get(words)
    with pytest.raises(ZeroDivisionError):
        await Reading([fake_account(ListsDated, vendor)]).page()


async def test_a_source_that_lost_a_row_and_then_failed_has_the_error_and_a_notice_of_the_row() -> None:
    vendor = vendor_of("a", 4, 2)
    vendor.fails = lambda _number, question: down() if question == "list a 2" else None
    reading = Reading([fake_account(LosesRows, vendor)])
    await reading.page()
    source = reading.sources["one"]
    assert (source.status, source.error is not None) == (SourceStatus.PARTIAL, True)
    assert source.notice == "1 entry was left out, because these fields could not be read: links.id."
