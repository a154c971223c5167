"""Tags and domains of several accounts, as one list each."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.emulators import NOW
from harness.fake_accounts import FakeVendor, ListsDated, NamesDomains, down, fake_account, fresh
from linkweave.errors import ErrorCode
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.tags_and_domains import (
    ListPage,
    MergedTag,
    OwnedDomain,
    find_tag,
    list_domains,
    list_tags,
)
from linkweave.gather.sources import Source, SourceStatus
from linkweave.models import Domain


def tagged(key: str, *tags: str) -> AccountLoaders:
    return fresh(fake_account(NamesDomains, FakeVendor(tags=tags), key))


def owning(key: str, *names: str) -> AccountLoaders:
    return fresh(fake_account(NamesDomains, FakeVendor(domains=tuple(map(Domain, names))), key))


def failing(key: str) -> AccountLoaders:
    return fresh(fake_account(NamesDomains, FakeVendor(fails=lambda _number, _words: down(key)), key))


def silent(key: str) -> AccountLoaders:
    return fresh(fake_account(ListsDated, FakeVendor(), key))


def names(page: ListPage[MergedTag]) -> list[str]:
    return [tag.name for tag in page.items]


def owned(page: ListPage[OwnedDomain]) -> list[tuple[str, str]]:
    return [(one.loaders.key, one.domain.name) for one in page.items]


def states(sources: Sequence[Source]) -> list[tuple[str, SourceStatus, int, bool]]:
    return [(source.account.key, source.status, source.returned, source.exhausted) for source in sources]


async def test_tags_are_merged_without_case_and_spelled_as_in_the_first_account() -> None:
    one, other = tagged("one", "Sale", "spring"), tagged("other", "SALE", "Autumn")
    page = await list_tags([one, other], None, 10, None)
    assert [(tag.name, [loaders.key for loaders in tag.accounts]) for tag in page.items] == [
        ("Autumn", ["other"]),
        ("Sale", ["one", "other"]),
        ("spring", ["one"]),
    ]
    assert not page.has_next


async def test_tags_are_searched_by_any_part_of_their_name_without_case() -> None:
    page = await list_tags([tagged("one", "Spring Sale", "autumn", "STRASSE")], "sAlE", 10, None)
    folded = await list_tags([tagged("one", "STRASSE")], "straße", 10, None)
    assert names(page) == ["Spring Sale"]
    assert names(folded) == ["STRASSE"]


async def test_a_position_after_a_deleted_tag_is_still_a_position() -> None:
    page = await list_tags([tagged("one", "a", "c")], None, 10, ["b"])
    assert names(page) == ["c"]


async def test_a_source_of_tags_has_the_number_returned_and_whether_it_is_exhausted() -> None:
    accounts = [tagged("one", "a", "b"), tagged("other", "B", "c")]
    page = await list_tags(accounts, None, 2, None)
    assert states(page.sources) == [("one", SourceStatus.OK, 2, True), ("other", SourceStatus.OK, 1, False)]
    assert [source.fetched_at for source in page.sources] == [NOW, NOW]


@pytest.mark.parametrize("list_labels", ["tags", "domains"])
async def test_accounts_that_fail_or_lack_the_capability_do_not_affect_the_others(
    list_labels: str,
) -> None:
    accounts = [failing("broken"), silent("silent"), tagged("one", "a")]
    page: ListPage[MergedTag] | ListPage[OwnedDomain]
    if list_labels == "tags":
        page = await list_tags(accounts, None, 10, None)
        assert names(page) == ["a"]
    else:
        page = await list_domains(accounts, 10, None)
    broken, cannot, good = page.sources
    assert (broken.status, broken.exhausted, broken.returned) == (SourceStatus.FAILED, False, 0)
    assert broken.error is not None
    assert broken.error.code is ErrorCode.UNAVAILABLE
    assert (cannot.status, cannot.exhausted) == (SourceStatus.UNSUPPORTED, True)
    assert cannot.error is not None
    assert cannot.error.code is ErrorCode.UNSUPPORTED
    assert (good.status, good.exhausted) == (SourceStatus.OK, True)


tags = st.lists(st.sampled_from(["a", "A", "ä", "Ä", "ß", "SS", "ss", "z", "Z", "İ", "i̇"]) | st.text(max_size=2))


@settings(max_examples=60)
@given(st.lists(tags, max_size=3), st.integers(1, 5))
async def test_paging_tags_to_the_end_gives_each_once_in_order(told: list[list[str]], first: int) -> None:
    accounts = [tagged(f"account-{number}", *names) for number, names in enumerate(told)]
    given_out: list[str] = []
    place: list[str] | None = None
    while True:
        page = await list_tags(accounts, None, first, place)
        given_out += [tag.folded for tag in page.items]
        if not page.has_next:
            break
        place = page.positions[-1]
    assert given_out == sorted({name.casefold() for names in told for name in names})
    assert all(source.exhausted for source in page.sources)


async def test_domains_are_listed_by_account_and_then_by_name() -> None:
    accounts = [owning("b", "z.example", "a.example"), owning("a", "m.example")]
    page = await list_domains(accounts, 10, None)
    assert owned(page) == [("a", "m.example"), ("b", "a.example"), ("b", "z.example")]
    assert page.positions == (["a", "m.example"], ["b", "a.example"], ["b", "z.example"])
    assert states(page.sources) == [("b", SourceStatus.OK, 2, True), ("a", SourceStatus.OK, 1, True)]


async def test_a_domain_that_a_vendor_lists_twice_is_listed_once() -> None:
    page = await list_domains([owning("a", "x.example", "x.example")], 1, None)
    assert owned(page) == [("a", "x.example")]
    assert not page.has_next


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from(["a", "ä", "b", "z", "é"]), unique=True), max_size=3), st.integers(1, 4))
async def test_paging_domains_to_the_end_gives_each_once_in_order(told: list[list[str]], first: int) -> None:
    accounts = [owning(f"account-{number}", *names) for number, names in enumerate(told)]
    given_out: list[tuple[str, str]] = []
    place: list[str] | None = None
    while True:
        page = await list_domains(accounts, first, place)
        given_out += owned(page)
        if not page.has_next:
            break
        place = page.positions[-1]
    assert given_out == sorted((f"account-{number}", name) for number, names in enumerate(told) for name in names)


async def test_a_tag_is_found_by_name_without_case_in_the_accounts_that_have_it() -> None:
    one, other = tagged("one", "Sale"), tagged("other", "spring")
    found = await find_tag([one, other, failing("broken"), silent("silent")], "SALE")
    assert found == MergedTag("Sale", (one,))
    assert await find_tag([one, other], "winter") is None
