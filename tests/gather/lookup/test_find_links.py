"""The link of a short URL, and the links whose clicks are counted."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.fake_accounts import (
    FakeVendor,
    FindsLinks,
    ListsAndReads,
    ListsUndated,
    LosesRows,
    NamesDomains,
    Reads,
    down,
    fake_account,
    fresh,
    link,
)
from linkweave.errors import ErrorCode, InvalidInputError, UnavailableError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
from linkweave.gather.lookup.find_links import find_by_short_url, find_targets, split_short_url
from linkweave.gather.statistics.counted_links import IncompleteAccount, too_many_links
from linkweave.models import Domain, LinkFilter

TITLE = frozenset({"title"})
CUT = "only {} links are counted at once; `createdAfter` and `createdBefore` in the filter select fewer of them"
SPRING = "https://go.example/spring"


def account(key: str, vendor: FakeVendor, *own: str) -> AccountLoaders:
    """One that finds links; `own` are the domains of its settings."""
    return fresh(fake_account(FindsLinks, vendor, key, domains=own))


def vendor(*domains: str, has: str | None = None) -> FakeVendor:
    return FakeVendor(domains=tuple(map(Domain, domains)), links={has: link(has)} if has else {})


async def found(url: str, *accounts: AccountLoaders) -> tuple[str, str] | None:
    answer = await find_by_short_url(accounts, url, TITLE)
    return None if answer is None else (answer[0].key, answer[1].handle)


async def test_the_link_is_found_in_the_account_that_lists_its_domain() -> None:
    stranger, owner = vendor("other.example"), vendor("go.example", has="go.example/spring")
    assert await found(SPRING, account("a", stranger), account("b", owner)) == ("b", "go.example/spring")
    assert stranger.questions == ["domains"]
    assert owner.questions == ["domains", "find go.example/spring"]


async def test_domains_of_the_settings_are_trusted_without_a_call() -> None:
    stranger, owner = vendor("go.example"), vendor(has="go.example/spring")
    assert await found(SPRING, account("a", stranger), account("b", owner, "go.example")) == ("b", "go.example/spring")
    assert stranger.questions == []
    assert owner.questions == ["find go.example/spring"]


async def test_a_link_that_was_found_is_not_fetched_again() -> None:
    owner = vendor(has="go.example/spring")
    loaders = account("a", owner, "go.example")
    await found(SPRING, loaders)
    await loaders.link("go.example/spring", TITLE)
    assert owner.questions == ["find go.example/spring"]


async def test_the_second_owner_of_a_domain_is_asked_where_the_first_does_not_have_the_link() -> None:
    first, second = vendor("go.example"), vendor("go.example", has="go.example/spring")
    assert await found(SPRING, account("a", first), account("b", second)) == ("b", "go.example/spring")


@pytest.mark.parametrize("url", ["https://nobody.example/spring", SPRING])
async def test_a_url_of_an_unknown_domain_or_slug_finds_no_link(url: str) -> None:
    assert await found(url, account("a", vendor("go.example"))) is None


async def test_an_international_domain_is_found_by_either_spelling() -> None:
    has = "xn--bcher-kva.example/spring"
    for listed in ("bücher.example", "XN--BCHER-KVA.example"):
        for url in ("https://BÜCHER.example/spring", "https://xn--bcher-kva.example/spring"):
            assert await found(url, account("a", vendor(listed, has=has))) == ("a", has)
    assert await found("https://bücher.example/spring", account("a", vendor(has=has), "bücher.example")) == ("a", has)


async def test_a_vendor_that_fails_does_not_hide_the_link_of_another() -> None:
    broken = vendor("go.example")
    broken.fails = lambda _number, _words: down("a")
    answer = await found(SPRING, account("a", broken), account("b", vendor("go.example", has="go.example/spring")))
    assert answer == ("b", "go.example/spring")


@pytest.mark.parametrize("fails_at", ["domains", "find go.example/spring"])
async def test_an_unknown_link_raises_the_failure_of_an_account_that_may_have_it(fails_at: str) -> None:
    broken = vendor("go.example")
    broken.fails = lambda _number, words: down("a") if words == fails_at else None
    with pytest.raises(UnavailableError):
        await found(SPRING, account("a", broken), account("b", vendor("go.example")))


async def test_accounts_that_lack_a_capability_are_skipped() -> None:
    names_only = fresh(fake_account(NamesDomains, vendor("go.example"), "names"))
    reads_only = fresh(fake_account(Reads, vendor(has="go.example/spring"), "reads"))
    assert await found(SPRING, names_only, reads_only) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://go.example/spring", ("go.example", "spring")),
        ("http://GO.Example/Spring", ("go.example", "Spring")),
        ("https://go.example/spring/", ("go.example", "spring")),
        ("https://go.example//spring//", ("go.example", "spring")),
        ("https://go.example/a/b", ("go.example", "a/b")),
        ("https://go.example/caf%C3%A9", ("go.example", "café")),
        ("https://go.example/café", ("go.example", "café")),
        ("https://go.example/a%2Fb", ("go.example", "a/b")),
        ("https://go.example/100%25", ("go.example", "100%")),
        ("https://go.example/spring?utm_source=x#top", ("go.example", "spring")),
        ("https://go.example:443/spring", ("go.example", "spring")),
        ("http://go.example:80/spring", ("go.example", "spring")),
        ("https://go.example:/spring", ("go.example", "spring")),
        ("https://go.example:8443/spring", ("go.example:8443", "spring")),
        ("https://go.example./spring", ("go.example", "spring")),
        ("https://www.go.example/spring", ("www.go.example", "spring")),
        ("https://user@go.example/spring", ("go.example", "spring")),
        ("https://bücher.example/x", ("xn--bcher-kva.example", "x")),
    ],
)
def test_a_short_url_is_a_domain_and_a_slug(url: str, expected: tuple[str, str]) -> None:
    assert split_short_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "spring",
        "https://",
        "https://go.example",
        "https://go.example/",
        "https://go.example//",
        "https:///spring",
        "https://./spring",
        "https://go.example:port/spring",
        "https://go.example:99999/spring",
        "https://[::1/spring",
        "https://a]b/spring",
        "https://℀.example/spring",
    ],
)
def test_an_invalid_short_url_is_refused_with_its_field(url: str) -> None:
    with pytest.raises(InvalidInputError, match="shortUrl: must be a short URL") as raised:
        split_short_url(url)
    assert raised.value.field == "shortUrl"


@settings(max_examples=60)
@given(st.text() | st.text().map("https://{}".format) | st.text().map("https://go.example:{}/x".format))
def test_any_text_is_a_short_url_or_refused(text: str) -> None:
    try:
        domain, slug = split_short_url(text, "link.shortUrl")
    except InvalidInputError as error:
        assert error.field == "link.shortUrl"  # noqa: PT017 - both outcomes are right
    else:
        assert domain
        assert slug


def question(wanted: LinkFilter | None = None, **vendors: FakeVendor) -> LinkQuery:
    accounts = {key: fresh(fake_account(ListsAndReads, vendor, key)) for key, vendor in vendors.items()}
    return LinkQuery(tuple(AccountQuery(loaders, wanted or LinkFilter()) for loaders in accounts.values()))


def listing(links: int, **more: Any) -> FakeVendor:
    return FakeVendor({"all": [link(f"{number}", number) for number in range(links)]}, **more)


async def test_counted_links_are_all_links_that_match_the_filter() -> None:
    targets, cuts = await find_targets(question(one=listing(120), two=listing(130)), 1_000)
    assert len({(target.loaders.key, target.handle) for target in targets}) == 250
    assert cuts == {}


async def test_a_query_without_a_match_finds_no_links() -> None:
    assert await find_targets(question(one=listing(0)), 1_000) == ([], {})
    assert await find_targets(question(), 1_000) == ([], {})


@pytest.mark.parametrize(("most", "links"), [(1, 2), (250, 251), (1_000, 1_100)])
async def test_an_account_with_more_links_than_the_limit_is_incomplete(most: int, links: int) -> None:
    asked = question(one=listing(links), two=listing(0))
    targets, cuts = await find_targets(asked, most)
    assert len(targets) == most
    assert cuts == {"one": IncompleteAccount(asked.accounts[0].loaders.account, CUT.format(most), is_cut=True)}


async def test_exactly_as_many_links_as_the_limit_are_complete() -> None:
    targets, cuts = await find_targets(question(one=listing(200)), 200)
    assert (len(targets), cuts) == (200, {})


async def test_an_account_that_fails_is_incomplete_and_not_read_again() -> None:
    broken = listing(10)
    error = down("two")
    broken.fails = lambda _number, words: error if words.startswith("list") else None
    asked = question(one=listing(450), two=broken)
    targets, cuts = await find_targets(asked, 1_000)
    assert len(targets) == 450
    assert cuts == {"two": IncompleteAccount(asked.accounts[1].loaders.account, error.message, error)}
    assert broken.questions == ["plan", "list all None"]


async def test_an_account_that_fails_keeps_its_error_where_others_reach_the_limit() -> None:
    broken = listing(10)
    error = down("two")
    broken.fails = lambda _number, _words: error
    asked = question(one=listing(50), two=broken)
    _, cuts = await find_targets(asked, 10)
    assert cuts["two"].error is error
    assert cuts["one"].reason == CUT.format(10)


async def test_an_account_is_scanned_once_over_all_pages_of_the_search() -> None:
    found_late = FakeVendor({"all": [link(f"{number}", number, match=not number % 90) for number in range(9_000)]})
    _, cuts = await find_targets(question(LinkFilter(tags_all=("match",)), one=found_late), 1_000)
    assert cuts["one"].reason == "only 2000 links that do not match are read"
    assert cuts["one"].error is None
    assert len(found_late.asked("list")) <= 42


async def test_an_account_with_a_row_that_cannot_be_read_is_read_to_its_end_and_is_incomplete() -> None:
    loaders = fresh(fake_account(LosesRows, listing(250), "one"))
    targets, cuts = await find_targets(LinkQuery((AccountQuery(loaders, LinkFilter()),)), 1_000)
    assert len(targets) == 250
    assert cuts["one"].error is None
    assert cuts["one"].reason == "1 entry was left out, because these fields could not be read: links.id."


async def test_an_account_that_lacks_lists_is_incomplete_with_an_error() -> None:
    loaders = fresh(fake_account(Reads, FakeVendor(), "one"))
    targets, cuts = await find_targets(LinkQuery((AccountQuery(loaders, LinkFilter()),)), 1_000)
    assert targets == []
    assert cuts["one"].error is not None
    assert cuts["one"].error.code is ErrorCode.UNSUPPORTED


async def test_turns_continue_after_an_account_fails() -> None:
    broken = fresh(fake_account(ListsUndated, FakeVendor({"all": []}, fails=lambda _n, _w: down("broken")), "broken"))
    undated = fresh(fake_account(ListsUndated, listing(150), "undated"))
    asked = LinkQuery(tuple(AccountQuery(loaders, LinkFilter()) for loaders in (broken, undated)))
    targets, cuts = await find_targets(asked, 1_000)
    assert [target.handle for target in targets] == [str(number) for number in range(150)]
    assert list(cuts) == ["broken"]


def test_with_a_catalog_the_remedy_for_too_many_links_is_the_query_that_counts_all() -> None:
    assert "`statsBy(group: ACCOUNT)` with the same filter and range" in too_many_links(10, has_catalog=True)
