"""Making links at tiny.cc: what is asked, what is told, and what the links are afterwards."""

from dataclasses import replace
from datetime import date

import httpx2
import pytest

from harness.tinycc_vendor import (
    DEFAULT,
    OTHER,
    asked,
    body_of,
    canned,
    entry,
    failed,
    read_back,
    refusal,
    saying,
    scripted,
    server,
    wrote,
)
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    NotFoundError,
    QuotaExhaustedError,
    RejectedError,
    UnavailableError,
    VendorError,
)
from linkweave.models import Expiry
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink, WrittenLink

EVERYTHING = NewLink(
    destination="https://www.example.com/flyer",
    slug="flyer",
    domain=OTHER,
    note="Flyer for the spring fair",
    tags=("print", "fair"),
    email_reports=True,
    expiry=Expiry(at=date(2027, 1, 2), after_clicks=500),
)


def link(result: WrittenLink | VendorError) -> WrittenLink:
    assert isinstance(result, WrittenLink)
    return result


async def test_the_known_fields_of_a_new_link_are_those_of_a_second_read() -> None:
    tiny = server()
    made = await tiny.adapter.create_link(EVERYTHING)
    found = await read_back(tiny, made.link.handle)
    assert found is not None
    assert ALL_LINK_FIELDS - made.known_fields == {"protected", "archived", "last_click_at"}
    # The emulator's lists give no protocol, and this domain has no HTTPS.
    for field in made.known_fields - {"fetched_at", "short_url", "included"}:
        assert getattr(made.link, field) == getattr(found, field), field
    assert made.link.short_url == f"http://{OTHER}/flyer"


async def test_a_destination_alone_goes_to_the_vendors_default_domain_with_a_hash_of_its_own() -> None:
    tiny = server()
    made = await tiny.adapter.create_link(NewLink("https://www.example.com/x"))
    (call,) = tiny.calls
    assert asked(call) == ("POST", "/urls", {})
    assert body_of(call) == {"urls": [{"long_url": "https://www.example.com/x"}]}
    assert made.link.domain == DEFAULT
    assert await read_back(tiny, made.link.handle)


async def test_a_link_without_a_domain_goes_to_the_domain_of_the_settings() -> None:
    tiny = server(domain=OTHER)
    made = await tiny.adapter.create_link(NewLink("https://www.example.com/x"))
    assert made.link.domain == OTHER
    other = await tiny.adapter.create_link(NewLink("https://www.example.com/x", domain=DEFAULT))
    assert other.link.domain == DEFAULT
    assert [call.query for call in tiny.calls] == [{"domain": OTHER}, {"domain": DEFAULT}]


async def test_a_domain_is_sent_in_its_ascii_form() -> None:
    vendor = saying(wrote(entry()))
    await vendor.adapter.create_link(NewLink("http://google.com", domain="Bücher.example"))
    assert vendor.lines == [("POST", "/urls?domain=xn--bcher-kva.example")]


async def test_a_note_is_returned_as_the_vendor_cut_it() -> None:
    tiny = server()
    made = await tiny.adapter.create_link(NewLink("https://www.example.com/x", note="x" * 40))
    assert made.link.note == "x" * 25
    assert "note" in made.known_fields


async def test_each_domain_is_a_call_and_results_have_the_order_of_the_input() -> None:
    tiny = server()
    domains = [None, OTHER, DEFAULT, OTHER, None]
    new = [NewLink(f"https://www.example.com/{n}", domain=domain) for n, domain in enumerate(domains)]
    results = await tiny.adapter.create_links(new)
    assert [link(result).link.destination for result in results] == [each.destination for each in new]
    assert [link(result).link.domain for result in results] == [DEFAULT, OTHER, DEFAULT, OTHER, DEFAULT]
    assert [call.query for call in tiny.calls] == [{}, {"domain": OTHER}, {"domain": DEFAULT}]


async def test_without_links_no_call_is_made() -> None:
    tiny = server()
    assert await tiny.adapter.create_links([]) == []
    assert tiny.calls == []


async def test_a_failed_link_of_a_batch_fails_alone_and_in_its_place() -> None:
    tiny = server()
    fine = NewLink("https://www.example.com/x")
    results = await tiny.adapter.create_links(
        [
            fine,
            replace(fine, slug="card"),
            replace(fine, destination="ftp://x"),
            replace(fine, destination=f"https://{DEFAULT}/card"),
            replace(fine, slug="no good"),
            replace(fine, tags=("",)),
            fine,
        ]
    )
    errors = [result for result in results if isinstance(result, VendorError)]
    assert [isinstance(result, WrittenLink) for result in results] == [True, *[False] * 5, True]
    assert [(type(error), error.provider_code, error.field) for error in errors] == [
        (ConflictError, "1215", "slug"),
        (RejectedError, "1206", "destination"),
        (RejectedError, "1216", "destination"),
        (RejectedError, "1218", "slug"),
        (RejectedError, "1311", None),
    ]
    assert (
        errors[0].message
        == 'print: the short URL is not correct or exists already: "That Custom hash is already in use" (create links)'
    )
    assert len(tiny.calls) == 1


async def test_an_unknown_domain_fails_the_links_that_name_it_and_no_others() -> None:
    tiny = server()
    new = [NewLink("https://www.example.com/x", domain=domain) for domain in ("nowhere.example", OTHER)]
    lost, made = await tiny.adapter.create_links(new)
    assert isinstance(lost, NotFoundError)
    assert (lost.provider_code, lost.field) == ("1313", "domain")
    assert isinstance(made, WrittenLink)


@pytest.mark.parametrize(
    ("expiry", "paths"),
    [
        (None, []),
        (Expiry(at=date(2027, 1, 1)), []),
        (Expiry(after_clicks=1), []),
        (Expiry(at=date(2027, 1, 1), count_unique_only=False), ["count_unique_only"]),
        (Expiry(after_clicks=5, redirect_to="https://e.com"), ["redirect_to"]),
        (Expiry(after_clicks=5, redirect_to_after_clicks="https://e.com"), ["redirect_to_after_clicks"]),
        (Expiry(after_clicks=0), ["after_clicks"]),
    ],
)
def test_parts_of_an_expiry_that_the_vendor_cannot_express_are_input_problems(
    expiry: Expiry | None, paths: list[str]
) -> None:
    objections = server().adapter.check_new_link(NewLink("https://e.com", expiry=expiry))
    assert [objection.path for objection in objections] == [("expiry", path) for path in paths]


def test_an_empty_expiry_is_an_input_problem_as_a_whole() -> None:
    (objection,) = server().adapter.check_new_link(NewLink("https://e.com", expiry=Expiry()))
    assert (objection.path, objection.message) == (("expiry",), "the provider needs at or afterClicks")


@pytest.mark.parametrize(
    "items",
    [
        [],
        [entry(long_url="https://e.com/1")],
        [entry(long_url="https://e.com/2"), entry(long_url="https://e.com/1")],
        [entry(long_url="https://e.com/1", hash="two"), entry(long_url="https://e.com/2")],
        [failed(1215, long_url="https://e.com/2", custom_hash="two"), entry(long_url="https://e.com/2")],
        [entry(long_url=["https://e.com/1"], hash="two"), entry()],
    ],
)
async def test_after_an_answer_in_another_order_every_link_is_ambiguous(items: list[dict[str, object]]) -> None:
    new = [NewLink("https://e.com/1", slug="one"), NewLink("https://e.com/2", slug="two")]
    results = await canned(wrote(*items)).create_links(new)
    assert {type(result) for result in results} == {AmbiguousError}


async def test_a_vendor_may_spell_destinations_and_slugs_in_its_own_way() -> None:
    new = [NewLink("http://Google.com", slug="One"), NewLink("http://google.com/"), NewLink("http://e.com")]
    answer = wrote(
        entry(hash="one", long_url="http://google.com/"),
        entry(hash=15, long_url="http://google.com"),
        entry(hash=16, long_url="http://e.com/?"),
    )
    results = await canned(answer).create_links(new)
    assert [link(result).link.slug for result in results] == ["one", "15", "16"]


@pytest.mark.parametrize("broken", [entry(hash=None), entry(short_url="/"), {}, {"error": "no"}])
async def test_an_item_of_another_shape_makes_only_its_link_ambiguous(
    broken: dict[str, object],
) -> None:
    answer = wrote(entry(note="secret"), {**broken, "note": "secret"}, entry())
    first, second, third = await canned(answer).create_links([NewLink("http://google.com")] * 3)
    assert isinstance(first, WrittenLink)
    assert isinstance(second, AmbiguousError)
    assert "secret" not in second.message
    assert isinstance(third, WrittenLink)


async def test_after_six_failed_calls_in_a_row_no_further_domain_is_called() -> None:
    hosts: list[str] = []

    def refuse(request: httpx2.Request) -> tuple[int, object]:
        hosts.append(request.url.params["domain"])
        return 400, refusal(1303)

    new = [NewLink("https://e.com", domain=f"d{n}.example") for n in range(9)]
    results = await scripted(refuse).create_links(new)
    assert len(hosts) == 6
    assert [type(result) for result in results] == [QuotaExhaustedError] * 6 + [UnavailableError] * 3
