"""Kutt: passwords that an update must not lose, refusals under HTTP 500, days in spans, and look-ups by slug."""

import json
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from harness.emulators import ManualClock
from harness.failure_cases.kutt import HANDLE, SPAN, STATS
from harness.kutt_vendor import Server, adapter_over, server
from linkweave.errors import NotFoundError, UnsupportedError
from linkweave.models import SERIES, TOTALS, Dimension, Domain, DomainKind, Expiry, LinkFilter, Period, StatsPart
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.kutt import PROVIDER
from linkweave.providers.kutt.adapter import KuttAdapter
from linkweave.providers.kutt.emulator.site import Site, StoredLink
from linkweave.providers.read_capabilities import Lane
from linkweave.testing.gateway import open_gateway
from linkweave.testing.mutations import CREATE_LINK, UPDATE_LINK
from linkweave.testing.virtual_time import NOW

TODAY = NOW.date()
BY_COUNTRY = StatsPart.of(Dimension.COUNTRY)


def stored(site: Site, handle: str) -> StoredLink:
    return site.find(handle, "")


async def new_link(vendor: Server, **fields: object) -> str:
    new = NewLink("https://www.example.com/coats", **fields)  # type: ignore[arg-type]
    return (await vendor.adapter.create_link(new)).link.handle


async def update(vendor: Server, handle: str, patch: LinkPatch) -> None:
    (step,) = vendor.adapter.plan_update(patch)
    assert step.fields == patch.given()
    assert await step.run(handle) == handle


@pytest.mark.parametrize("password", ["sesame", None])
async def test_an_update_of_another_field_keeps_the_password(password: str | None) -> None:
    vendor = server()
    handle = await new_link(vendor, password=password)
    await update(vendor, handle, LinkPatch(note="Warm"))
    assert (stored(vendor.site, handle).description, stored(vendor.site, handle).password) == ("Warm", password)


async def test_a_password_is_changed_and_removed_alone_and_with_another_field() -> None:
    vendor = server()
    handle = await new_link(vendor)
    passwords = []
    for patch in (
        LinkPatch(password="first"),
        LinkPatch(password="second", note="a"),
        LinkPatch(password=None, note="b"),
        LinkPatch(password="third"),
        LinkPatch(password=None),
        LinkPatch(password=None),
    ):
        await update(vendor, handle, patch)
        passwords.append(stored(vendor.site, handle).password)
    assert passwords == ["first", "second", None, "third", None, None]


async def test_an_update_to_the_present_values_is_done_although_kutt_refuses_it() -> None:
    vendor = server()
    handle = await new_link(vendor, note="Warm")
    await update(vendor, handle, LinkPatch(note="Warm"))
    assert len(vendor.calls) == 2


@pytest.mark.parametrize("handle", ["", "short", "../users", "x" * 36])
async def test_a_handle_that_cannot_be_an_id_is_not_found_without_a_call(handle: str) -> None:
    vendor = server()
    for call in (vendor.adapter.delete_link, vendor.adapter.plan_update(LinkPatch(note="x"))[0].run):
        with pytest.raises(NotFoundError):
            await call(handle)
    assert await vendor.adapter.get_links([handle], frozenset()) == {}
    assert vendor.calls == []


async def test_a_link_expires_within_the_wanted_day() -> None:
    vendor = server()
    link = (await vendor.adapter.create_link(NewLink("https://e.example.com", expiry=Expiry(at=TODAY)))).link
    assert link.expiry == Expiry(at=TODAY)
    assert stored(vendor.site, link.handle).expires_at == datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    await update(vendor, link.handle, LinkPatch(expiry=Expiry(at=date(2027, 1, 31))))
    assert stored(vendor.site, link.handle).expires_at == datetime(2027, 1, 31, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("new", "path", "is_invalid"),
    [
        (NewLink("https://e.com", slug="x" * 65), ("slug",), True),
        (NewLink("https://e.com", note="x" * 2_041), ("note",), True),
        (NewLink("https://e.com", password="ab"), ("password",), True),
        (NewLink("https://e.com", password="••••"), ("password",), True),
        (NewLink("https://e.com", expiry=Expiry(at=TODAY - timedelta(1))), ("expiry", "at"), True),
        (NewLink("https://e.com", expiry=Expiry(at=TODAY, after_clicks=3)), ("expiry", "after_clicks"), False),
        (NewLink("https://e.com", expiry=Expiry()), ("expiry",), False),
    ],
)
def test_a_value_that_kutt_certainly_refuses_is_found_before_any_call(
    new: NewLink, path: tuple[str, ...], *, is_invalid: bool
) -> None:
    (problem,) = server().adapter.check_new_link(new)
    assert (problem.path, problem.is_invalid) == (path, is_invalid)
    patch = LinkPatch(
        slug=new.slug or "fine", note=new.note or "fine", password=new.password or "fine", expiry=new.expiry
    )
    assert server().adapter.check_patch(patch) == (problem,)


async def test_a_search_goes_to_kutt_in_ascii_alone() -> None:
    adapter = server().adapter
    queries = [
        (await adapter.plan_links(LinkFilter(search=words))).lanes[0].query for words in ("coat", "é", " a", None)
    ]
    assert queries == [{"search": "coat"}, {}, {}, {}]


@pytest.mark.parametrize(
    ("wanted", "lanes", "notice"),
    [
        (LinkFilter(tags_any=("sale",)), 0, "Kutt has no tags."),
        (LinkFilter(tags_none=("sale",)), 1, None),
        (LinkFilter(starred=True), 0, "Kutt has no starred links."),
    ],
)
async def test_a_filter_on_what_kutt_does_not_have_matches_nothing(
    wanted: LinkFilter, lanes: int, notice: str | None
) -> None:
    plan = await server().adapter.plan_links(wanted)
    assert (len(plan.lanes), plan.notice) == (lanes, notice)


async def test_a_slug_is_found_in_its_own_case_and_on_its_own_domain() -> None:
    vendor = server()
    handles = {
        ("kutt.coats-demo.example", "coats"): await new_link(vendor, slug="coats"),
        ("kutt.coats-demo.example", "COATS"): await new_link(vendor, slug="COATS"),
        ("go.kutt-demo.example", "coats"): await new_link(vendor, slug="coats", domain="go.kutt-demo.example"),
    }
    for (domain, slug), handle in handles.items():
        link = await vendor.adapter.find_link(domain, slug, frozenset())
        assert link is not None
        assert link.handle == handle
    assert await vendor.adapter.find_link("go.kutt-demo.example", "COATS", frozenset()) is None


async def test_a_slug_that_a_thousand_others_contain_is_not_searched_for_ever() -> None:
    vendor = server()
    for number in range(1_010):
        slug = f"a{number}"
        vendor.site.links.append(StoredLink(f"{number:036d}", slug, "https://e.com", NOW))
    with pytest.raises(UnsupportedError, match="too many links"):
        await vendor.adapter.find_link("kutt.coats-demo.example", "a", frozenset())
    assert len(vendor.calls) == 20


async def test_the_default_domain_is_listed_although_kutt_does_not() -> None:
    assert await server().adapter.list_domains() == (
        Domain("kutt.coats-demo.example", is_default=True),
        Domain(
            "go.kutt-demo.example",
            DomainKind.BRANDED,
            is_default=False,
            active=True,
            root_redirect="https://www.example.com",
        ),
    )


# The link was made at 06:49 on the 20th of November; the answer is of 10:30, with four visits in the hour that runs.
@pytest.mark.parametrize(
    ("created", "period", "clicks", "days", "countries"),
    [
        (TODAY, None, 4, [(TODAY, 4)], {"TW": 4}),
        (TODAY, Period(TODAY, TODAY), 4, [(TODAY, 4)], {"TW": 4}),
        (TODAY, Period(TODAY - timedelta(30), TODAY), 4, [(TODAY, 4)], {"TW": 4}),
        (TODAY - timedelta(9), Period(TODAY - timedelta(9), TODAY), 4, None, {"TW": 4}),
        (TODAY - timedelta(9), Period(TODAY, TODAY + timedelta(5)), 4, [(TODAY, 4)], {"TW": 4}),
        (TODAY - timedelta(9), Period(TODAY - timedelta(8), TODAY), None, None, None),
        (TODAY - timedelta(9), Period(TODAY - timedelta(9), TODAY - timedelta(1)), None, None, None),
        (TODAY - timedelta(9), Period(TODAY - timedelta(20), TODAY - timedelta(10)), 0, [], {}),
        (TODAY, Period(TODAY + timedelta(1), TODAY + timedelta(2)), None, None, None),
    ],
)
async def test_a_period_has_numbers_only_where_kutts_spans_have_exactly_its_days(
    created: date,
    period: Period | None,
    clicks: int | None,
    days: list[tuple[date, int]] | None,
    countries: dict[str, int] | None,
) -> None:
    adapter = answering({**STATS, "created_at": f"{created}T06:49:27.000Z"})
    report = await adapter.read_stats(HANDLE, None, period, frozenset({TOTALS, SERIES, BY_COUNTRY}))
    rows = report.breakdowns.get(Dimension.COUNTRY)
    assert report.clicks == clicks
    assert (None if report.series is None else [(day.day, day.clicks) for day in report.series]) == days
    assert (None if rows is None else {row.name: row.clicks for row in rows}) == countries
    missing = {TOTALS: clicks, SERIES: days, BY_COUNTRY: countries}
    assert report.failures.keys() == {part for part, value in missing.items() if value is None}
    assert all(isinstance(failure, UnsupportedError) for failure in report.failures.values())


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        # Visits before midnight are in the last day, too; the hours tell them apart, the breakdowns do not.
        ({"lastDay": {**SPAN, "views": [*[0] * 12, 9, *[0] * 10, 4], "total": 13}}, {BY_COUNTRY}),
        ({"lastDay": {**SPAN, "views": [4]}}, {TOTALS, SERIES, BY_COUNTRY}),
        ({"lastDay": {**SPAN, "views": [*[0] * 23, "many"]}}, {TOTALS, SERIES, BY_COUNTRY}),
        ({"lastDay": {**SPAN, "stats": {**SPAN["stats"], "country": [{"name": "tw", "value": "x"}]}}}, {BY_COUNTRY}),  # type: ignore[dict-item]
        ({"lastDay": {**SPAN, "stats": {}}}, {BY_COUNTRY}),
        ({"lastDay": None}, {TOTALS, SERIES, BY_COUNTRY}),
    ],
)
async def test_a_sum_that_lacks_a_part_is_no_number(change: dict[str, object], missing: set[StatsPart]) -> None:
    adapter = answering({**STATS, "created_at": "2026-11-01T00:00:00.000Z", **change})
    parts = frozenset({TOTALS, SERIES, BY_COUNTRY})
    report = await adapter.read_stats(HANDLE, None, Period(TODAY, TODAY), parts)
    assert report.failures.keys() == missing


async def test_totals_of_a_known_link_cost_no_call_where_they_are_those_of_the_period() -> None:
    vendor = server()
    newest, *_, oldest = (await vendor.adapter.list_links(Lane("links"), None)).items
    vendor.calls.clear()
    month = Period(TODAY - timedelta(29), TODAY)
    for link, period in ((newest, None), (oldest, None), (newest, month)):
        report = await vendor.adapter.read_stats(link.handle, link, period, frozenset({TOTALS}))
        assert report.clicks == stored(vendor.site, link.handle).visit_count
    unknown = await vendor.adapter.read_stats(oldest.handle, oldest, month, frozenset({TOTALS, SERIES}))
    assert unknown.failures.keys() == {TOTALS, SERIES}
    assert vendor.calls == []


def answering(body: object) -> KuttAdapter:
    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, stream=httpx2.ByteStream(json.dumps(body).encode()), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)), ManualClock())


async def test_an_update_by_a_caller_keeps_the_password_and_a_taken_slug_names_its_link_on_the_same_domain() -> None:
    gateway = open_gateway(providers={"kutt": PROVIDER})
    new = {"accounts": ["kutt"], "destination": "https://www.example.com/coats", "domain": "go.kutt-demo.example"}
    first = (await gateway.payload(CREATE_LINK, input={**new, "slug": "coats", "password": "open sesame"}))["link"]
    changed = await gateway.payload(UPDATE_LINK, input={"id": first["id"], "note": "Warm"})
    assert (changed["applied"], changed["errors"]) == (["note"], [])
    query = "query ($id: ID!) { link(id: $id) { note passwordProtected domain { name } } }"
    link = (await gateway.data(query, id=first["id"]))["link"]
    assert link == {"note": "Warm", "passwordProtected": True, "domain": {"name": "go.kutt-demo.example"}}
    (error,) = (await gateway.payload(CREATE_LINK, input={**new, "slug": "coats"}))["errors"]
    assert (error["code"], error["path"], error["existing"]["id"]) == ("CONFLICT", ["input", "slug"], first["id"])
    elsewhere = await gateway.payload(CREATE_LINK, input={**new, "slug": "coats", "domain": None})
    assert elsewhere["errors"] == []


async def test_the_statistics_of_a_range_are_null_and_unsupported_where_kutt_cannot_count_its_days() -> None:
    gateway = open_gateway(providers={"kutt": PROVIDER})
    query = """{ links(first: 100) { nodes { createdAt clicks stats(range: { from: "2026-11-10", to: "2026-11-20" }) {
      clicks sources { status from to } } } } }"""
    links = (await gateway.data(query))["links"]["nodes"]
    young = [link for link in links if link["createdAt"] >= "2026-11-10"]
    assert young
    assert all(link["stats"]["clicks"] == link["clicks"] for link in young)
    counted = {"status": "OK", "from": "2026-11-10", "to": "2026-11-20"}
    uncounted = {"status": "UNSUPPORTED", "from": None, "to": None}
    assert all(link["stats"]["sources"] == [counted if link in young else uncounted] for link in links)
    assert {link["stats"]["clicks"] for link in links if link not in young} == {None}
