"""Whether a link is there already; sending files and finding them again."""

import pytest

from harness.emulators import bench
from harness.fake_accounts import FakeVendor, NamesDomains, down, fake_account, fresh, link
from harness.fake_writers import Creates, Uploads
from linkweave.errors import ErrorCode, UnavailableError
from linkweave.gather.lookup.existing_links import MAX_SEARCHED, find_destination, find_slug, normalise_destination
from linkweave.gather.writing.uploads import find_upload, upload_file
from linkweave.models.changes import NewLink, NewUpload
from linkweave.storage.memory_store import MemoryStore


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:80/a?b=1&a=2#f", "http://example.com/a?b=1&a=2#f"),
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"),
        ("https://[::1]:443/a", "https://[::1]/a"),
    ],
)
def test_destinations_that_differ_in_spelling_alone_are_the_same(one: str, other: str) -> None:
    assert normalise_destination(one) == normalise_destination(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a?a=1&b=2", "https://example.com/a?b=2&a=1"),
        ("https://example.com/a", "https://example.com/a#f"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/a", "http://example.com/a"),
        ("https://example.com:8443/a", "https://example.com/a"),
        ("https://me@example.com/a", "https://example.com/a"),
        ("https://example.com:nonsense/a", "https://example.com/a"),
    ],
)
def test_destinations_that_differ_in_more_are_different(one: str, other: str) -> None:
    assert normalise_destination(one) != normalise_destination(other)


async def test_a_destination_is_looked_for_among_so_many_links_and_no_more() -> None:
    vendor = FakeVendor(lanes={"all": [link(f"l{n}", n) for n in range(MAX_SEARCHED + 300)]}, page_size=100)
    loaders = fresh(fake_account(Creates, vendor))
    beyond = await find_destination(loaders, f"https://www.example.com/l{MAX_SEARCHED + 200}")
    within = await find_destination(loaders, f"https://www.example.com/l{MAX_SEARCHED - 1}")
    assert (beyond.link, beyond.complete) == (None, False)
    assert within.link is not None


async def test_an_account_that_lists_no_links_cannot_tell() -> None:
    search = await find_destination(fresh(fake_account(NamesDomains, FakeVendor())), "https://example.com")
    assert (search.link, search.complete) == (None, False)


async def test_a_slug_is_looked_for_on_the_accounts_own_domain() -> None:
    vendor = FakeVendor(links={"go.example/a": link("go.example/a")})
    loaders = fresh(fake_account(Creates, vendor, domains=("go.example",)))
    found = await find_slug(loaders, NewLink("https://example.com", slug="a"))
    absent = await find_slug(loaders, NewLink("https://example.com", slug="b"))
    unknown = await find_slug(loaders, NewLink("https://example.com"))
    assert (found.link is not None, absent.complete, unknown.complete) == (True, True, False)


async def test_a_look_that_fails_is_not_taken_for_a_no() -> None:
    loaders = fresh(fake_account(Creates, FakeVendor(fails=lambda *_: down()), domains=("go.example",)))
    with pytest.raises(UnavailableError):
        await find_slug(loaders, NewLink("https://example.com", slug="a"))
    with pytest.raises(UnavailableError):
        await find_destination(loaders, "https://example.com")


async def test_an_upload_is_found_again() -> None:
    store = MemoryStore()
    loaders = fresh(fake_account(Uploads, FakeVendor()))
    sent = await upload_file(loaders, NewUpload(base64="eA=="), store)
    assert sent.upload is not None
    assert await find_upload("one", sent.upload.id, store) == sent.upload
    assert await find_upload("two", sent.upload.id, store) is None


async def test_an_upload_that_cannot_be_said_is_refused_before_any_call() -> None:
    vendor = FakeVendor()
    loaders = fresh(fake_account(Uploads, vendor))
    sent = await upload_file(loaders, NewUpload(base64="eA==", album="7"), MemoryStore())
    assert ([failure.path for failure in sent.failures], vendor.questions) == ([("album",)], [])


async def test_an_upload_that_fails_says_why() -> None:
    loaders = fresh(fake_account(Uploads, FakeVendor(fails=lambda *_: down())))
    sent = await upload_file(loaders, NewUpload(base64="eA=="), MemoryStore())
    assert [failure.code for failure in sent.failures] == [ErrorCode.UNAVAILABLE]


async def test_an_account_that_takes_no_files_says_so() -> None:
    sent = await upload_file(fresh(fake_account(Creates, FakeVendor())), NewUpload(base64="eA=="), MemoryStore())
    assert [failure.code for failure in sent.failures] == [ErrorCode.UNSUPPORTED]


async def test_a_record_that_cannot_be_read_is_as_if_it_were_not_there() -> None:
    store = MemoryStore()
    await store.set("upload:one:u1", b"{}", 60)
    assert await find_upload("one", "u1", store) is None


async def test_the_working_domain_of_a_tinycc_account_is_where_its_slugs_are_looked_for() -> None:
    opened = bench("tinycc", domain="go.shopdemo.example", domains=["m.shopdemo.example"])
    await find_slug(fresh(opened.account), NewLink("https://example.com", slug="nothing-here"))
    assert [call.query["domain"] for call in opened.calls] == ["go.shopdemo.example"]
