"""Every recorded answer of a real YOURLS 1.10 site is read as it should be, one file of samples/ after the other."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from harness.recorded_samples import Sample, read_sample, sample_names
from harness.yourls_vendor import adapter_over
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    ConflictError,
    NotFoundError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.models.changes import NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.yourls.adapter import YourlsAdapter

SAMPLES = Path(__file__).parent / "samples"


def adapter_of(sample: Sample) -> YourlsAdapter:
    """An adapter that gets the answer to every call."""
    return adapter_over(sample.client(), base_url="http://127.0.0.1:8192")


async def slugs(adapter: YourlsAdapter) -> object:
    page = await adapter.list_links(Lane("links"), None)
    assert page.left_out.row_count == 0
    return [link.slug for link in page.items]


async def first(adapter: YourlsAdapter) -> object:
    found = await adapter.get_links(["first"], frozenset())
    return [(link.handle, link.short_url, link.slug, link.destination) for link in map(or_raise, found.values())]


async def new(adapter: YourlsAdapter) -> object:
    written = await adapter.create_link(NewLink("https://example.com/"))
    return written.created, written.link.slug, written.link.destination, written.link.title


CALLS: dict[str, Callable[[YourlsAdapter], Awaitable[object]]] = {
    "stats": slugs,
    "url-stats": first,
    "shorturl": new,
}

ALL = ["1", "2", "3", "4", "b9", "first", "n0", "n1", "n2", "n3", "notitle", "ozh", "yourls", "yourlsblog"]
FIRST = ("first", "http://127.0.0.1:8192/first", "first", "https://example.com/page?a=1&b=2")
TWO = (False, "1", "https://example.com/two", "Two")
NO_TITLE = "That page doesn&apos;t exist (404) - Chevereto"

# What an answer is read as, or the error that it becomes.
EXPECTED: dict[str, object] = {
    "bad-login": UnauthenticatedError,
    "bad-signature": UnauthenticatedError,
    "no-auth": UnauthenticatedError,
    "sig-time-md5": UnauthenticatedError,
    "sig-time-old": UnauthenticatedError,
    "version": (),
    "version-db": (),
    "version-get": (),
    "login": (),
    "sig-time-default": (),
    "sig-time-sha256": (),
    "sig-time-sha512": (),
    "no-action": RejectedError,
    "unknown-action": RejectedError,
    "expand-unknown": NotFoundError,
    "create": (True, "first", "https://example.com/page?a=1&b=2", 'First "link" & é 😀'),
    "create-notitle": (True, "notitle", "http://127.0.0.1:8182/images/none", NO_TITLE),
    "create-random": (True, "1", "https://example.com/two", "Two"),
    "slug-odd": (True, "b9", "https://example.com/five", "x"),
    "url-noscheme": (True, "2", "example.com/noscheme", "x"),
    "url-text": (True, "3", "notaurl", "x"),
    "url-unicode": (True, "4", "https://example.com/ünï?q=äö", "x"),
    "slug-case": ConflictError,
    "slug-reserved": ConflictError,
    "slug-taken": ConflictError,
    "url-taken": TWO,
    "url-taken-other-slug": TWO,
    "url-bad": RejectedError,
    "url-loop": RejectedError,
    "url-missing": RejectedError,
    # Only the short URL, as text.
    "simple": AmbiguousError,
    "stats-empty": ["ozh", "yourls", "yourlsblog"],
    "stats-huge": ALL,
    "stats-last": ["1", "2"],
    "stats-page2": ["3", "4"],
    "stats-bottom": ["1", "2"],
    "stats-top": ["1", "first"],
    "stats-bogus": ["1", "first"],
    "stats-rand": ["1", "n0"],
    "stats-beyond": [],
    "stats-limit0": [],
    "stats-nolimit": [],
    "stats-negative": UnavailableError,
    "url-stats": [FIRST],
    "url-stats-unknown": [],
    "url-stats-missing": [],
    # Never asked for: other formats, other actions, and pages for people.
    "db-stats": BadResponseError,
    "db-stats-empty": BadResponseError,
    "expand": BadResponseError,
    "expand-url": BadResponseError,
    "jsonp": BadResponseError,
    "no-format": BadResponseError,
    "xml": BadResponseError,
    "redirect": BadResponseError,
    "redirect-plus": BadResponseError,
    "redirect-unknown": BadResponseError,
}


def test_every_sample_is_read() -> None:
    assert sample_names(SAMPLES) == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_recorded_answer_is_read_as_it_should_be(name: str) -> None:
    recorded, expected = read_sample(SAMPLES, name), EXPECTED[name]
    action = re.search(r"action=([\w-]+)", recorded.request)
    call = CALLS.get(action[1] if action else "", YourlsAdapter.probe)
    if not isinstance(expected, type):
        assert await call(adapter_of(recorded)) == expected
        return
    assert issubclass(expected, VendorError)
    with pytest.raises(expected) as caught:
        await call(adapter_of(recorded))
    assert "127.0.0.1" not in str(caught.value)


async def test_a_recorded_link_has_its_time_in_utc_its_clicks_and_the_sites_address() -> None:
    adapter = adapter_of(read_sample(SAMPLES, "url-stats"))
    link = or_raise((await adapter.get_links(["first"], frozenset()))["first"])
    assert link.created_at is not None
    assert link.created_at.isoformat() == "2026-11-30T06:52:45+00:00"
    assert link.domain == "127.0.0.1:8192"
    assert link.included is not None
    assert link.included.clicks == 5
