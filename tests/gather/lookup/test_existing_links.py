"""The link that an account has already, by its destination or by its slug."""

import pytest

from harness.emulators import bench
from harness.fake_accounts import FakeVendor, NamesDomains, down, fake_account, fresh, link
from harness.fake_writers import Creates
from linkweave.errors import UnavailableError
from linkweave.gather.lookup.existing_links import MAX_SEARCHED, find_destination, find_slug, normalise_destination
from linkweave.models.changes import NewLink


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("HTTP://Example.COM", "http://example.com/", True),
        ("https://example.com:443/a", "https://example.com/a", True),
        ("http://example.com:80/a?b=1&a=2#f", "http://example.com/a?b=1&a=2#f", True),
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a", True),
        ("https://[::1]:443/a", "https://[::1]/a", True),
        ("https://example.com/a?a=1&b=2", "https://example.com/a?b=2&a=1", False),
        ("https://example.com/a", "https://example.com/a#f", False),
        ("https://example.com/a", "https://example.com/A", False),
        ("https://example.com/a", "http://example.com/a", False),
        ("https://example.com:8443/a", "https://example.com/a", False),
        ("https://me@example.com/a", "https://example.com/a", False),
        ("https://example.com:nonsense/a", "https://example.com/a", False),
    ],
)
def test_destinations_are_the_same_where_only_their_spelling_differs(one: str, other: str, *, same: bool) -> None:
    assert (normalise_destination(one) == normalise_destination(other)) is same


async def test_a_destination_is_searched_among_500_links_at_most() -> None:
    vendor = FakeVendor(lanes={"all": [link(f"l{n}", n) for n in range(MAX_SEARCHED + 300)]}, page_size=100)
    loaders = fresh(fake_account(Creates, vendor))
    beyond = await find_destination(loaders, f"https://www.example.com/l{MAX_SEARCHED + 200}")
    within = await find_destination(loaders, f"https://www.example.com/l{MAX_SEARCHED - 1}")
    assert (beyond.link, beyond.complete) == (None, False)
    assert within.link is not None


async def test_a_search_of_an_account_without_lists_is_not_complete() -> None:
    search = await find_destination(fresh(fake_account(NamesDomains, FakeVendor())), "https://example.com")
    assert (search.link, search.complete) == (None, False)


async def test_a_slug_is_searched_on_the_domain_of_the_accounts_settings() -> None:
    vendor = FakeVendor(links={"go.example/a": link("go.example/a")})
    loaders = fresh(fake_account(Creates, vendor, domains=("go.example",)))
    found = await find_slug(loaders, NewLink("https://example.com", slug="a"))
    absent = await find_slug(loaders, NewLink("https://example.com", slug="b"))
    unknown = await find_slug(loaders, NewLink("https://example.com"))
    assert (found.link is not None, absent.complete, unknown.complete) == (True, True, False)


async def test_a_search_that_fails_raises_the_vendors_error() -> None:
    loaders = fresh(fake_account(Creates, FakeVendor(fails=lambda *_: down()), domains=("go.example",)))
    with pytest.raises(UnavailableError):
        await find_slug(loaders, NewLink("https://example.com", slug="a"))
    with pytest.raises(UnavailableError):
        await find_destination(loaders, "https://example.com")


async def test_a_slug_of_a_tinycc_account_is_searched_on_its_working_domain() -> None:
    opened = bench("tinycc", domain="go.shopdemo.example", domains=["m.shopdemo.example"])
    await find_slug(fresh(opened.account), NewLink("https://example.com", slug="nothing-here"))
    assert [call.query["domain"] for call in opened.calls] == ["go.shopdemo.example"]
