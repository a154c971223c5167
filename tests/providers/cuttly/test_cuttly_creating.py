"""Cutt.ly: making links, each example of the document with the request that it shows."""

import json
from dataclasses import replace

import pytest

from harness.cuttly_vendor import Vendor, adapter_for, get, shown, vendor
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    PlanRequiredError,
    QuotaExhaustedError,
    RejectedError,
    UnauthenticatedError,
    VendorError,
)
from linkweave.models import TOTALS, Link, Period
from linkweave.models.changes import InputProblem, NewLink
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN, DEMO_KEY, EXPIRED_KEY

URL = "https://www.example.com/spring sale?ref=a&b=ü#top".replace(" ", "%20")
NEW = NewLink(URL)

EXAMPLES = [
    ("action=shorten&url={{url}}", NEW),
    ("action=shorten&url={{url}}&name={{name}}", replace(NEW, slug="our-sale")),
    (
        "action=shorten&url={{url}}&domain={{domainName}}",
        replace(NEW, domain=DEMO_DOMAIN),
    ),
    (
        "action=shorten&url={{url}}&name={{name}}&domain={{domainName}}",
        replace(NEW, slug="our-sale", domain=DEMO_DOMAIN),
    ),
    ("action=shorten&url={{url}}&noTitle=1", replace(NEW, fetch_title=False)),
    ("action=shorten&url={{url}}&public=1", replace(NEW, public_stats=True)),
    (
        "action=shorten&url={{url}}&name={{name}}&domain={{domainName}}&noTitle=1&public=1",
        replace(NEW, slug="our-sale", domain=DEMO_DOMAIN, fetch_title=False, public_stats=True),
    ),
    (
        "action=shorten&url={{url}}&domain=2s.ms/{{HEADER}}",
        replace(NEW, domain="2s.ms", sms_header="MYBRND"),
    ),
    (
        "action=shorten&url={{url}}&domain=2s.ms/{{HEADER}}&name={{name}}",
        replace(NEW, domain="2s.ms", sms_header="MYBRND", slug="our-sale"),
    ),
    (
        "action=shorten&url={{url}}&domain={{domainName}}&header={{header}}",
        replace(NEW, domain=DEMO_DOMAIN, sms_header="MYBRND"),
    ),
    (
        "action=shorten&url={{url}}&name={{name}}&domain={{domainName}}&header={{header}}",
        replace(NEW, domain=DEMO_DOMAIN, sms_header="MYBRND", slug="our-sale"),
    ),
]


@pytest.mark.parametrize(("example", "new"), EXAMPLES)
async def test_each_example_of_the_document_is_sent_as_it_shows(example: str, new: NewLink) -> None:
    account = vendor()
    await account.adapter.create_link(new)
    places = {"url": URL, "name": "our-sale", "domainName": DEMO_DOMAIN, "HEADER": "MYBRND", "header": "MYBRND"}
    assert account.asked == [shown("GET", example, **places)]
    (call,) = account.calls
    assert (call.path, call.body) == ("/team/API/index.php", b"")


@pytest.mark.parametrize(("example", "new"), EXAMPLES)
async def test_what_was_made_is_read_back_under_its_handle(example: str, new: NewLink) -> None:  # noqa: ARG001 - the same cases
    account = vendor()
    written = await account.adapter.create_link(new)
    assert written.created
    link = await get(account.adapter, written.link.handle)
    assert link.destination == URL
    for name in written.known_fields:
        assert getattr(link, name) == getattr(written.link, name), name


@pytest.mark.parametrize("new", [NEW, replace(NEW, fetch_title=True, public_stats=False)])
async def test_what_happens_unasked_is_not_asked_for(new: NewLink) -> None:
    account = vendor()
    await account.adapter.create_link(new)
    assert [name for name, _ in account.asked[0][1]] == ["key", "action", "url"]


async def test_a_new_link_has_no_clicks_and_tells_what_the_vendor_told() -> None:
    account = vendor()
    written = await account.adapter.create_link(replace(NEW, slug="our-sale"))
    link = written.link
    assert (link.handle, link.domain, link.slug) == ("cutt.ly/our-sale", "cutt.ly", "our-sale")
    assert (link.short_url, link.destination) == ("https://cutt.ly/our-sale", URL)
    assert link.title
    assert written.known_fields == {"handle", "short_url", "slug", "domain", "destination", "title"}
    day = link.fetched_at.date()
    report = await account.adapter.read_stats(link.handle, None, Period(day, day), frozenset({TOTALS}))
    assert report.clicks == 0


async def test_without_a_title_the_title_is_not_told() -> None:
    written = await vendor().adapter.create_link(replace(NEW, fetch_title=False))
    assert written.link.title is None
    assert "title" not in written.known_fields


@pytest.mark.parametrize("domain", ["2s.ms", " 2S.ms ", DEMO_DOMAIN])
async def test_a_header_stands_before_the_alias_and_is_part_of_the_slug(domain: str) -> None:
    account = vendor()
    new = replace(NEW, domain=domain, sms_header="MYBRND", slug="our-sale")
    link = (await account.adapter.create_link(new)).link
    assert (link.domain, link.slug) == (domain.strip().lower(), "MYBRND/our-sale")
    assert (await get(account.adapter, link.handle)).short_url == f"https://{link.handle}"


async def test_a_generic_domain_with_its_header_in_it_is_sent_as_it_is() -> None:
    account = vendor()
    await account.adapter.create_link(replace(NEW, domain="2s.ms/MYBRND"))
    assert account.asked[0][1][-1] == ("domain", "2s.ms/MYBRND")


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (replace(NEW, sms_header="MYBRND"), "Cutt.ly takes it with a domain only: 2s.ms, or one of the team's own"),
        (replace(NEW, sms_header="A", domain="2s.ms/B"), "this domain has a header in it already"),
        (replace(NEW, sms_header="A/B", domain="2s.ms"), "Cutt.ly takes a header without a slash"),
    ],
)
def test_a_header_that_cannot_be_said_is_objected_to(new: NewLink, problem: str) -> None:
    assert list(vendor().adapter.check_new_link(new)) == [InputProblem(("sms_header",), problem)]


@pytest.mark.parametrize(("example", "new"), EXAMPLES)
def test_nothing_in_the_documents_examples_is_objected_to(example: str, new: NewLink) -> None:  # noqa: ARG001 - the same cases
    assert list(vendor().adapter.check_new_link(new)) == []
    assert new.given() <= vendor().adapter.creatable <= PROVIDER.writable_fields


async def refusal(account: Vendor, new: NewLink) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await account.adapter.create_link(new)
    assert len(account.calls) == 1
    assert caught.value.operation == "create link"
    return caught.value


@pytest.mark.parametrize(
    ("new", "kind", "field", "text"),
    [
        (replace(NEW, slug="spring-sale"), ConflictError, "slug", "Provided alias is unavailable"),
        (replace(NEW, slug="spring sale"), RejectedError, "slug", "Provided alias contains illegal characters"),
        (replace(NEW, domain="example.com"), RejectedError, "domain", "This domain is not owned by the team"),
        (replace(NEW, domain="2s.ms"), RejectedError, "domain", "This domain is not owned by the team"),
        (NewLink("https://cutt.ly/abc"), RejectedError, "destination", "Provided link is already shortened"),
        (NewLink("example"), RejectedError, "destination", "Provided link is incorrect"),
        (NewLink("http://[::1"), RejectedError, "destination", "Provided link is incorrect"),
        (NewLink(""), RejectedError, None, "Url parameter is null"),
    ],
)
async def test_each_refusal_names_the_field_it_is_about(
    new: NewLink, kind: type[VendorError], field: str | None, text: str
) -> None:
    error = await refusal(vendor(), new)
    assert type(error) is kind
    assert (error.field, error.provider_code) == (field, text)


async def test_no_title_needs_the_enterprise_plan() -> None:
    error = await refusal(vendor(DEMO_KEY), replace(NEW, fetch_title=False))
    assert isinstance(error, PlanRequiredError)


async def test_an_expired_subscription_makes_no_links() -> None:
    assert isinstance(await refusal(vendor(EXPIRED_KEY), NEW), PlanRequiredError)


async def test_a_wrong_key_makes_no_links() -> None:
    assert isinstance(await refusal(vendor("wrong"), NEW), UnauthenticatedError)


MADE = {"status": 7, "fullLink": URL, "date": "2024-05-01", "shortLink": "https://cutt.ly/abc123", "title": "Example"}


async def made_of(data: object, status: int = 200) -> Link:
    return (await adapter_for(status, json.dumps(data).encode()).create_link(NEW)).link


@pytest.mark.parametrize(
    "data",
    [
        MADE,
        {"url": MADE},
        {**MADE, "status": "7"},
        {"shortLink": "https://cutt.ly/abc123"},
        {"shortLink": "http://CUTT.LY/abc123/"},
        {"url": {"shortLink": "https://cutt.ly/abc123"}},
        {**MADE, "status": 1},
        {**MADE, "status": 8},
        {**MADE, "title": None},
        {**MADE, "date": ["x"], "fullLink": 5},
    ],
)
async def test_a_short_link_in_the_answer_is_a_yes(data: object) -> None:
    link = await made_of(data)
    assert link.handle == "cutt.ly/abc123"
    assert link.destination == URL


@pytest.mark.parametrize(
    "data",
    [
        [],
        None,
        "some words",
        {},
        {"status": 7},
        {"url": "https://cutt.ly/abc123"},
        {"shortLink": None},
        {"shortLink": ["https://cutt.ly/a"]},
        {"shortLink": "javascript:alert(1)"},
        {"shortLink": "https://cutt.ly"},
        {"shortLink": "https://user@cutt.ly/a"},
        {"shortLink": "https://cutt.ly/a", "title": ["x"]},
        {"status": 9},
    ],
)
async def test_an_answer_without_a_usable_short_link_leaves_it_open_whether_one_was_made(data: object) -> None:
    with pytest.raises(AmbiguousError) as caught:
        await made_of(data)
    assert "may have been made" in str(caught.value)
    assert "cutt.ly/a" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "kind", "field"),
    [
        (0, RejectedError, None),
        (1, RejectedError, "destination"),
        (2, RejectedError, "destination"),
        (3, ConflictError, "slug"),
        (4, UnauthenticatedError, None),
        (5, RejectedError, "destination"),
        (6, RejectedError, "destination"),
        (8, QuotaExhaustedError, None),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
async def test_numbers_of_the_regular_api_say_why_no_link_was_made(
    number: int, kind: type[VendorError], field: str | None, *, wrapped: bool
) -> None:
    with pytest.raises(VendorError) as caught:
        await made_of({"url": {"status": number}} if wrapped else {"status": str(number)})
    assert type(caught.value) is kind
    assert (caught.value.provider_code, caught.value.field) == (str(number), field)
