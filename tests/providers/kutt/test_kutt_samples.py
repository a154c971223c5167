"""Every recorded answer of a real Kutt 3.2 site is read as it should be, one file of samples/ after the other."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harness.kutt_vendor import adapter_over
from harness.recorded_samples import Sample, read_sample, sample_names
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.models import TOTALS, Dimension, Expiry, Link, StatsPart
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.kutt import PROVIDER
from linkweave.providers.kutt.adapter import KuttAdapter
from linkweave.providers.kutt.statistics import DIMENSIONS
from linkweave.providers.read_capabilities import Lane

SAMPLES = Path(__file__).parent / "samples"
FIRST, PLAIN = "7fdf9634-2cc8-4852-a7eb-bb8683ac2d34", "4d4a0f46-b9cc-4000-bb5a-30288b8f20b8"


def adapter_of(name: str) -> KuttAdapter:
    """An adapter that gets the answer to every call."""
    return adapter_over(
        read_sample(SAMPLES, name).client(), base_url="http://127.0.0.1:8191", domains=["127.0.0.1:8191"]
    )


async def slugs(adapter: KuttAdapter) -> object:
    page = await adapter.list_links(Lane("links"), None)
    assert page.left_out.row_count == 0
    return [link.slug for link in page.items]


async def one(adapter: KuttAdapter) -> object:
    return [link.slug for link in map(or_raise, (await adapter.get_links([FIRST], frozenset())).values())]


async def created(adapter: KuttAdapter) -> object:
    written = await adapter.create_link(NewLink("https://example.com/", reuse=True))
    return written.created, written.link.slug, written.link.short_url, written.link.destination


async def domains(adapter: KuttAdapter) -> object:
    return [(domain.name, domain.is_default) for domain in await adapter.list_domains()]


async def edited(adapter: KuttAdapter) -> object:
    return await adapter.plan_update(LinkPatch(note="x"))[0].run(FIRST)


async def deleted(adapter: KuttAdapter) -> object:
    await adapter.delete_link(FIRST)
    return None


CALLS: tuple[tuple[str, Callable[[KuttAdapter], Awaitable[object]]], ...] = (
    (r"GET \S+/links/[\w-]+(/stats)?$", one),
    (r"GET \S+/links(\?|$)", slugs),
    (r"GET \S+/users$", domains),
    (r"POST \S+/links ", created),
    (r"PATCH ", edited),
    (r"DELETE \S+/links", deleted),
    ("", lambda adapter: adapter.probe()),
)


def call_of(sample: Sample) -> Callable[[KuttAdapter], Awaitable[object]]:
    return next(call for pattern, call in CALLS if re.match(pattern, sample.request))


SITE = "https://127.0.0.1:8191"
ALL = ["first", "WrcfAQ", "tPnxvk", "AKFrey", "EWaUxG", "Nem5yK", "first"]
LATER = ["badone", "WrcfAQ", "tPnxvk", "AKFrey", "EWaUxG", "Nem5yK", "renamed"]
DEFAULT = ("127.0.0.1:8191", True)

# What an answer is read as, or the error that it becomes.
EXPECTED: dict[str, object] = {
    "accept-any": LATER,
    "list-after-visits": ["Nem5yK"],
    "list-banned": ["badone"],
    "list-beyond": [],
    "list-empty": [],
    "list-limit-text": ALL,
    "list-limit500": ALL,
    "list-page1": ["first", "WrcfAQ"],
    "list-page2": ["tPnxvk", "AKFrey"],
    "list-search": ["first", "first"],
    "list-limit0": UnavailableError,
    "bad-key": UnauthenticatedError,
    "no-key": UnauthenticatedError,
    "banned-user": ForbiddenError,
    "admin-list-forbidden": ForbiddenError,
    "create-full": (True, "first", f"{SITE}/first", "https://example.com/page?a=1"),
    "create-plain": (True, "Nem5yK", f"{SITE}/Nem5yK", "http://example.com/plain"),
    "create-reuse": (True, "AKFrey", f"{SITE}/AKFrey", "https://example.com/plain"),
    "create-reuse-found": (False, "Nem5yK", f"{SITE}/Nem5yK", "http://example.com/plain"),
    "create-same-target": (True, "hEcYTB", f"{SITE}/hEcYTB", "https://example.com/plain"),
    "create-unicode": (True, "EWaUxG", f"{SITE}/EWaUxG", "https://example.com/ünï"),
    "create-domain": (True, "first", "http://go.example.com/first", "https://example.com/branded"),
    "expire-ms-text": (True, "WrcfAQ", f"{SITE}/WrcfAQ", "https://example.com/e"),
    "password-create": (True, "pwtest", f"{SITE}/pwtest", "https://example.com/pw"),
    "slug-case": (True, "FIRST", f"{SITE}/FIRST", "https://example.com/z"),
    "url-mailto": (True, "tPnxvk", f"{SITE}/tPnxvk", "mailto:a@example.com"),
    "create-banned-domain": RejectedError,
    "domain-unknown": RejectedError,
    "expire-invalid": RejectedError,
    "expire-number": RejectedError,
    "expire-short": RejectedError,
    "json-invalid": RejectedError,
    "password-short": RejectedError,
    "reuse-invalid": RejectedError,
    "slug-invalid": RejectedError,
    "slug-long": RejectedError,
    "slug-reserved": RejectedError,
    "slug-taken": ConflictError,
    "target-list": RejectedError,
    "url-invalid": RejectedError,
    "url-long": RejectedError,
    "url-loopback": RejectedError,
    "url-missing": RejectedError,
    "url-own-domain": RejectedError,
    "edit-banned": FIRST,
    "edit-domain-link": FIRST,
    "edit-drops-password": FIRST,
    "edit-more": FIRST,
    "edit-password-bullets": FIRST,
    "edit-password-null": FIRST,
    "edit-target": FIRST,
    # Every value is the present one.
    "edit-empty-description": FIRST,
    "edit-nothing": FIRST,
    "edit-bad-id": NotFoundError,
    "edit-taken": ConflictError,
    "edit-unknown": NotFoundError,
    "delete": None,
    "delete-again": NotFoundError,
    "delete-bad-id": NotFoundError,
    "stats": ["Nem5yK"],
    "stats-none": ["renamed"],
    "stats-unknown": [],
    "users-me": [DEFAULT],
    "users-me-domains": [DEFAULT, ("go.example.com", False)],
    # Pages for people: there is no call for one link.
    "get-one": BadResponseError,
    "accept-html": BadResponseError,
    "unknown-path": BadResponseError,
    "health": BadResponseError,
    "redirect": BadResponseError,
    "redirect-banned": BadResponseError,
    "redirect-password": BadResponseError,
    "redirect-protected": BadResponseError,
    "redirect-unknown": BadResponseError,
    # Never asked for.
    "redirect-info": BadResponseError,
    "protected-right": BadResponseError,
    "protected-wrong": UnauthenticatedError,
    "domain-add": BadResponseError,
    "domain-delete": BadResponseError,
    "domain-taken": RejectedError,
    "admin-ban": BadResponseError,
    "admin-ban-user": BadResponseError,
    "admin-users": BadResponseError,
    "admin-list": BadResponseError,
}


def test_every_sample_is_read() -> None:
    assert sample_names(SAMPLES) == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_recorded_answer_is_read_as_it_should_be(name: str) -> None:
    call, expected = call_of(read_sample(SAMPLES, name)), EXPECTED[name]
    if not isinstance(expected, type):
        assert await call(adapter_of(name)) == expected
        return
    assert issubclass(expected, VendorError)
    with pytest.raises(expected) as caught:
        await call(adapter_of(name))
    assert type(caught.value) is expected or issubclass(AmbiguousError, expected)
    assert "127.0.0.1" not in str(caught.value)


async def found(name: str) -> Link:
    return or_raise((await adapter_of(name).get_links([FIRST], frozenset()))[FIRST])


async def test_a_recorded_link_has_its_times_in_utc_its_text_and_its_password() -> None:
    link = (await adapter_of("create-full").create_link(NewLink("https://example.com/"))).link
    assert (link.handle, link.domain, link.note) == (FIRST, "127.0.0.1:8191", "First link")
    assert link.created_at == datetime(2026, 11, 30, 6, 49, 27, tzinfo=UTC)
    assert link.expiry == Expiry(at=date(2026, 12, 2))
    assert link.password_protected is True
    assert (await found("stats")).password_protected is False


async def test_recorded_statistics_have_countries_by_code_and_hosts_with_dots() -> None:
    parts = frozenset({TOTALS, *map(StatsPart.of, DIMENSIONS)})
    report = await adapter_of("stats").read_stats(PLAIN, None, None, parts)
    rows = {by: {row.name: row.clicks for row in rows} for by, rows in report.breakdowns.items()}
    assert (report.clicks, report.failures) == (4, {})
    assert rows == {
        Dimension.COUNTRY: {"TW": 2, "US": 1, "UNKNOWN": 1},
        Dimension.REFERRER: {"google.com": 2, "direct": 1, "t.co": 1},
        Dimension.OS: {"windows": 2, "ios": 1, "linux": 1},
        Dimension.BROWSER: {"chrome": 2, "firefox": 1, "safari": 1},
    }


def test_the_users_key_and_address_are_dropped() -> None:
    body = json.loads(read_sample(SAMPLES, "users-me-domains").body)
    kept = PROVIDER.drop(body)
    assert isinstance(kept, dict)
    assert body.keys() - kept.keys() == {"apikey", "email"}
    assert PROVIDER.drop([body]) == [body]
