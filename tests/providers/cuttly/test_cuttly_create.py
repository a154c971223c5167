"""Cutt.ly: making links, each example of the document with the request that it shows."""

from dataclasses import replace

import pytest

from harness.cuttly_vendor import adapter_answering, get, shown, vendor
from linkweave.models.changes import InputProblem, NewLink
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN

URL = "https://www.example.com/spring%20sale?ref=a&b=ü#top"
NEW = NewLink(URL)
CERTAIN = {"handle", "short_url", "slug", "domain", "destination"}

EXAMPLES = [
    ("", NEW),
    ("", replace(NEW, fetch_title=True, public_stats=False)),
    ("&name={{name}}", replace(NEW, slug="our-sale")),
    ("&domain={{domainName}}", replace(NEW, domain=DEMO_DOMAIN)),
    ("&name={{name}}&domain={{domainName}}", replace(NEW, slug="our-sale", domain=DEMO_DOMAIN)),
    ("&noTitle=1", replace(NEW, fetch_title=False)),
    ("&public=1", replace(NEW, public_stats=True)),
    (
        "&name={{name}}&domain={{domainName}}&noTitle=1&public=1",
        replace(NEW, slug="our-sale", domain=DEMO_DOMAIN, fetch_title=False, public_stats=True),
    ),
    ("&domain=2s.ms/{{HEADER}}", replace(NEW, domain="2s.ms", sms_header="MYBRND")),
    ("&domain=2s.ms/{{HEADER}}", replace(NEW, domain="2s.ms/MYBRND")),
    ("&domain=2s.ms/{{HEADER}}&name={{name}}", replace(NEW, domain="2s.ms", sms_header="MYBRND", slug="our-sale")),
    ("&domain={{domainName}}&header={{header}}", replace(NEW, domain=DEMO_DOMAIN, sms_header="MYBRND")),
    (
        "&name={{name}}&domain={{domainName}}&header={{header}}",
        replace(NEW, domain=DEMO_DOMAIN, sms_header="MYBRND", slug="our-sale"),
    ),
]


@pytest.mark.parametrize(("example", "new"), EXAMPLES)
async def test_each_example_of_the_document_is_sent_as_shown_and_found_by_its_handle(
    example: str, new: NewLink
) -> None:
    account = vendor()
    assert list(account.adapter.check_new_link(new)) == []
    assert new.given() <= account.adapter.creatable <= PROVIDER.writable_fields
    written = await account.adapter.create_link(new)
    places = {"url": URL, "name": "our-sale", "domainName": DEMO_DOMAIN, "HEADER": "MYBRND", "header": "MYBRND"}
    assert account.sent == [shown("GET", "action=shorten&url={{url}}" + example, **places)]
    assert [(call.path, call.body) for call in account.calls] == [("/team/API/index.php", b"")]
    assert written.created
    assert written.known_fields == (CERTAIN if new.fetch_title is False else CERTAIN | {"title"})
    link = await get(account.adapter, written.link.handle)
    assert {name: getattr(link, name) for name in written.known_fields} == {
        name: getattr(written.link, name) for name in written.known_fields
    }


@pytest.mark.parametrize("domain", ["2s.ms", " 2S.ms ", DEMO_DOMAIN])
async def test_a_header_stands_after_the_alias_and_is_part_of_the_slug(domain: str) -> None:
    new = replace(NEW, domain=domain, sms_header="MYBRND", slug="our-sale")
    link = (await vendor().adapter.create_link(new)).link
    assert (link.domain, link.slug) == (domain.strip().lower(), "our-sale/MYBRND")


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (replace(NEW, sms_header="MYBRND"), "Cutt.ly takes it with a domain only: 2s.ms, or one of the team's own"),
        (replace(NEW, sms_header="A", domain="2s.ms/B"), "this domain has a header in it already"),
        (replace(NEW, sms_header="A/B", domain="2s.ms"), "Cutt.ly takes a header without a slash"),
    ],
)
def test_a_header_that_cannot_be_sent_is_an_input_problem(new: NewLink, problem: str) -> None:
    assert list(vendor().adapter.check_new_link(new)) == [InputProblem(("sms_header",), problem)]


MADE = {"status": 7, "fullLink": URL, "date": "2024-05-01", "shortLink": "https://cutt.ly/abc123", "title": "Example"}


@pytest.mark.parametrize(
    "data",
    [
        MADE,
        {"url": MADE},
        {**MADE, "status": "7"},
        {"shortLink": "http://CUTT.LY/abc123/"},
        {"url": {"shortLink": "https://cutt.ly/abc123"}},
        {**MADE, "status": 1},
        {**MADE, "status": 8},
        {**MADE, "title": None},
        {**MADE, "title": ["x"]},
        {**MADE, "date": ["x"], "fullLink": 5},
    ],
)
async def test_a_short_link_in_the_answer_is_a_success_whatever_its_status(data: object) -> None:
    link = (await adapter_answering(data).create_link(NEW)).link
    assert (link.handle, link.destination) == ("cutt.ly/abc123", URL)
