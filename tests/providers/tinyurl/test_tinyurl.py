"""TinyURL: lists without paging and destinations, an archive that flips, bulk jobs, and reports that are off."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from harness.failure_cases.tinyurl import DAYS, FULL, HANDLE, LINK, UPDATED, good
from harness.gateway import open_gateway
from harness.tinyurl_vendor import adapter_over, tinyurl
from harness.whole_lists import listed
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    TooLargeAnswerError,
    VendorError,
)
from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Dimension, Expiry, Link, LinkFilter, Period, StatsPart
from linkweave.models.changes import LinkPatch, NewLink, WrittenLink
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tinyurl import PROVIDER
from linkweave.providers.tinyurl.adapter import TinyUrlAdapter
from linkweave.providers.tinyurl.emulator.account import READING_TOKEN, SINGLE_TOKEN
from linkweave.providers.tinyurl.emulator.seed import BRANDED_DOMAIN
from linkweave.providers.tinyurl.wire import drop_personal
from linkweave.testing.bench import account_table

TODAY = date(2026, 11, 20)
MONTH = Period(TODAY - timedelta(days=29), TODAY)
EVERYTHING = frozenset({TOTALS, BOT_TOTALS, SERIES, *map(StatsPart.of, PROVIDER.stats_dimensions)})


async def update(adapter: TinyUrlAdapter, handle: str, patch: LinkPatch) -> str:
    for step in adapter.plan_update(patch):
        handle = await step.run(handle)
    return handle


def answering(answer: Callable[[httpx2.Request], object]) -> tuple[TinyUrlAdapter, list[str]]:
    """An adapter at a vendor that gives these answers, and the calls that the vendor got."""
    calls = list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        calls.append(f"{request.method} {request.url.path}")
        content = json.dumps(good(answer(request))).encode()
        return httpx2.Response(200, stream=httpx2.ByteStream(content), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond))), calls


async def test_one_query_has_the_links_of_both_lists_with_destinations_tags_and_clicks_by_day() -> None:
    query = """{
      links(first: 30) { nodes { slug destination archived clicks tags { name } } sources { status returned } }
      stats(filter: { tags: { any: ["launch"] } }) {
        clicks uniqueClicks botClicks complete series { date } countries: breakdown(by: COUNTRY) { buckets { key } }
      }
      tags { nodes { name } }
    }"""
    gateway = open_gateway(providers={"tinyurl": PROVIDER}, accounts=[account_table(PROVIDER)])
    data = await gateway.data(query)
    nodes = data["links"]["nodes"]
    assert data["links"]["sources"] == [{"status": "OK", "returned": 30}]
    assert all(node["destination"] and node["clicks"] is not None for node in nodes)
    assert {node["archived"] for node in nodes} == {True, False}
    assert {tag["name"] for node in nodes for tag in node["tags"]} == {tag["name"] for tag in data["tags"]["nodes"]}
    assert data["stats"]["complete"]
    assert data["stats"]["clicks"] > data["stats"]["uniqueClicks"] > data["stats"]["botClicks"] > 0
    assert data["stats"]["series"]
    assert {"key": "TW"} in data["stats"]["countries"]["buckets"]
    # Each list once, and once for the tag; each link once; two reports of each link with the tag.
    calls = gateway.calls()["tinyurl"]
    assert len([call for call in calls if "/urls/" in call]) == 4
    assert len([call for call in calls if "/alias/" in call]) == 30


@pytest.mark.parametrize(("lists_urls", "reads"), [(True, 0), (False, 30)])
async def test_a_list_is_one_call_and_each_link_one_only_where_the_list_lacks_destinations(
    lists_urls: bool, reads: int
) -> None:
    vendor = tinyurl()
    vendor.account.lists_urls = lists_urls
    links = await listed(vendor.adapter)
    asked = vendor.asked()
    assert len({link.handle for link in links}) == 30
    assert len([call for call in asked if call.startswith("GET /alias/")]) == reads
    assert {link.destination for link in links} == {link.url for link in vendor.account.links.values()}


async def test_a_list_reads_no_destination_that_its_reader_knows() -> None:
    vendor = tinyurl()
    (lane,) = (await vendor.adapter.plan_links(LinkFilter(archived=False))).lanes
    first = (await vendor.adapter.list_links(lane, None)).items
    vendor.asked()

    async def known(handles: Sequence[str]) -> Mapping[str, str]:
        return {handle: "https://www.example.com/known" for handle in handles if handle != first[0].handle}

    again = (await vendor.adapter.list_links_knowing(lane, None, known)).items
    assert len([call for call in vendor.asked() if call.startswith("GET /alias/")]) == 1
    assert [link.handle for link in again] == [link.handle for link in first]
    assert {link.destination for link in again[1:]} == {"https://www.example.com/known"}


@pytest.mark.parametrize(
    ("wanted", "most"),
    [
        (LinkFilter(domains=("nobodys.example",)), 2),
        (LinkFilter(tags_all=("no such tag",)), 2),
        (LinkFilter(starred=True), 0),
        (LinkFilter(archived=True, domains=(BRANDED_DOMAIN,)), 3),
    ],
)
async def test_a_filter_is_applied_before_any_destination_is_read(wanted: LinkFilter, most: int) -> None:
    vendor = tinyurl()
    await listed(vendor.adapter, wanted)
    assert len(vendor.asked()) <= most


async def test_a_page_goes_on_where_links_came_and_went_and_leaves_out_what_is_gone() -> None:
    vendor = tinyurl()
    (lane,) = (await vendor.adapter.plan_links(LinkFilter(archived=False))).lanes
    first = await vendor.adapter.list_links(lane, None)
    await vendor.adapter.delete_link(first.items[-1].handle)
    second = await vendor.adapter.list_links(lane, first.next)
    assert len(first.items) == len(second.items) == 10
    assert not {link.handle for link in first.items} & {link.handle for link in second.items}

    adapter, _ = answering(lambda _: [LINK, {**LINK, "deleted": True, "alias": "old"}, LINK])
    assert [link.handle for link in (await adapter.list_links(lane, None)).items] == [HANDLE]


def large_list(times: Sequence[datetime]) -> tuple[TinyUrlAdapter, list[str]]:
    """An adapter at a vendor whose list of links of these times has more than 8 MB where it has more than 100 links."""
    rows = [{**LINK, "alias": f"link-{at:04}", "created_at": time.isoformat()} for at, time in enumerate(times)]
    asked = list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url.query))
        limits = [datetime.fromisoformat(text) for name in ("from", "to") if (text := request.url.params.get(name))]
        first, last = limits or (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        found = [row for row, time in zip(rows, times, strict=True) if first <= time <= last]
        content = json.dumps(good(found)).encode() if len(found) <= 100 else b" " * 8_000_001
        return httpx2.Response(200, stream=httpx2.ByteStream(content), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond))), asked


async def test_a_list_that_is_too_large_is_read_by_the_days_of_its_links() -> None:
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    busy = [midnight + timedelta(days=day, minutes=minute) for day in (0, -1, -9) for minute in range(90)]
    old = [midnight - timedelta(days=400 * years) for years in range(1, 20)]
    adapter, asked = large_list([*busy, *old])
    lane, token, links = Lane("available"), None, list[Link]()
    for _ in range(60):
        page = await adapter.list_links(lane, token)
        links += page.items
        token = page.next
        if token is None:
            break
    assert token is None
    assert [link.created_at for link in links] == sorted([*busy, *old], reverse=True)
    assert len(asked) < 60
    assert {*await adapter.list_tags()} == {tag for link in links for tag in link.tags} != set()
    narrowed = Lane("available", {"from": "2026-11-11T00:00:00+00:00", "to": "2026-11-20T12:00:00+00:00"})
    page = await adapter.list_links(narrowed, None)
    assert {link.created_at for link in page.items} <= {*busy}


async def test_a_day_with_more_links_than_one_answer_takes_is_told() -> None:
    adapter, asked = large_list([datetime(2026, 11, 20, 1, tzinfo=UTC)] * 101)
    with pytest.raises(TooLargeAnswerError, match="more than 8000000 bytes"):
        await adapter.list_links(Lane("available"), None)
    assert len(asked) <= 6


@pytest.mark.parametrize(
    "handle", ["", "tinyurl.com", "tinyurl.com/", "tinyurl.com/..", "a/b/c", "/alias", "ä.com/abcde"]
)
async def test_a_handle_that_cannot_be_a_name_is_not_found_without_a_call(handle: str) -> None:
    vendor = tinyurl()
    assert await vendor.adapter.get_links([handle], frozenset()) == {}
    assert isinstance((await vendor.adapter.delete_links([handle]))[handle], NotFoundError)
    for write in (vendor.adapter.delete_link(handle), update(vendor.adapter, handle, LinkPatch(archived=True))):
        with pytest.raises(NotFoundError):
            await write
    assert vendor.calls == []


async def test_an_archive_is_flipped_once_and_only_where_it_has_to_change() -> None:
    vendor = tinyurl()
    link = next(link for link in vendor.account.links.values() if not link.archived)
    handle = f"{link.domain}/{link.alias}"
    for archived, calls in ((True, 2), (True, 1), (False, 2), (False, 1)):
        await update(vendor.adapter, handle, LinkPatch(archived=archived))
        assert link.archived is archived
        assert len(vendor.asked()) == calls


async def test_an_archive_that_somebody_else_flipped_meanwhile_is_ambiguous() -> None:
    adapter, calls = answering(lambda request: FULL if request.method == "GET" else UPDATED)
    with pytest.raises(AmbiguousError, match="read it before"):
        await update(adapter, HANDLE, LinkPatch(archived=True))
    assert calls == ["GET /alias/tinyurl.com/y926fh2b", "PATCH /archive"]


async def test_an_archive_of_which_the_link_does_not_tell_is_not_flipped() -> None:
    adapter, calls = answering(lambda _: {**FULL, "archived": None})
    with pytest.raises(BadResponseError):
        await update(adapter, HANDLE, LinkPatch(archived=True))
    assert calls == ["GET /alias/tinyurl.com/y926fh2b"]


async def test_a_row_that_cannot_be_read_is_counted_once_for_the_whole_list() -> None:
    rows = [{**LINK, "alias": f"alias-{number:03}"} for number in range(150)]
    adapter, _ = answering(lambda _: [*rows, {**LINK, "alias": "a/b"}, {**LINK, "domain": ""}])
    (lane, _) = (await adapter.plan_links(LinkFilter())).lanes
    first = await adapter.list_links(lane, None)
    second = await adapter.list_links(lane, first.next)
    assert (len(first.items), len(second.items)) == (100, 50)
    assert (first.left_out.row_count, second.left_out.row_count) == (2, 0)


async def test_an_update_keeps_the_other_tags_and_a_new_slug_is_a_new_handle() -> None:
    vendor = tinyurl()
    made = await vendor.adapter.create_link(NewLink("https://www.example.com/new", tags=("a", "B")))
    patch = LinkPatch(
        "https://www.example.com/x", "slug-26", note="N", add_tags=("c", "A"), remove_tags=("b",), expiry=Expiry(TODAY)
    )
    vendor.asked()
    assert await update(vendor.adapter, made.link.handle, patch) == "tinyurl.com/slug-26"
    assert [call.partition(" ")[2].partition("/auto")[0] for call in vendor.asked()] == [
        "/change",
        "/alias/tinyurl.com",
        "/update",
    ]
    stored = vendor.account.find("tinyurl.com", "slug-26")
    assert (stored.url, stored.tags, stored.description) == ("https://www.example.com/x", ["a", "c"], "N")
    assert stored.expires_at is not None
    assert stored.expires_at.isoformat() == "2026-11-20T23:59:59+00:00"


@pytest.mark.parametrize("token", [None, SINGLE_TOKEN])
async def test_a_batch_is_one_job_or_a_call_each_where_the_token_has_no_jobs(token: str | None) -> None:
    vendor = tinyurl(**({} if token is None else {"token": token}))
    one, two, three = (NewLink(f"https://www.example.com/{at}", slug="same-slug" if at else None) for at in range(3))
    made = await vendor.adapter.create_links([one, two, three])
    assert [type(each) for each in made] == [WrittenLink, *(ConflictError, WrittenLink)[:: 1 if token is None else -1]]
    links = [each.link for each in made if isinstance(each, WrittenLink)]
    assert links[0].destination == "https://www.example.com/0"
    writes = [call for call in vendor.asked() if not call.startswith("GET")]
    assert len(writes) == (1 if token is None else 4)
    first, second = (link.handle for link in links)
    patches = [
        (first, LinkPatch(add_tags=("x",))),
        (second, LinkPatch(archived=True)),
        (first, LinkPatch(note="again")),
        ("tinyurl.com/nobodys", LinkPatch(archived=True)),
        (second, LinkPatch(destination="nowhere", slug="other-slug")),
    ]
    results = await vendor.adapter.update_links(patches)
    assert [isinstance(each, WrittenLink) for each in results] == [True, True, True, False, False]
    assert vendor.account.find(*first.split("/")).tags == ["x"]
    assert vendor.account.find(*first.split("/")).description == "again"
    assert vendor.account.find(*second.split("/")).archived
    gone = await vendor.adapter.delete_links([first, "tinyurl.com/nobodys", second])
    assert [type(error) for error in gone.values()] == [type(None), NotFoundError, type(None)]


@pytest.mark.parametrize(
    "answers",
    [
        {"/bulk": {"id": 7, "status": 0}, "/status": {"id": 7, "status": 1}},
        {"/bulk": {"id": 7, "status": 0}, "/status": []},
        {"/bulk": {"id": 7, "status": 0}, "/status": {"id": 7, "status": 2}, "/report": None},
        {"/bulk": {"id": 7, "status": 0}, "/status": {"id": 7, "status": 2}, "/report": []},
        {
            "/bulk": {"id": 7, "status": 0},
            "/status": {"id": 7, "status": 2},
            "/report": [{"metadata": str(place), "status": "success", "tinyurl": None} for place in range(2)],
        },
    ],
)
async def test_a_job_whose_outcome_is_not_told_is_ambiguous_and_was_sent_once(
    answers: Mapping[str, Any],
) -> None:
    adapter, calls = answering(lambda request: answers[f"/{request.url.path.rpartition('/')[2]}"])
    if "tinyurl" in str(answers):
        # Only a new link has a name that nobody else knows.
        results = await adapter.create_links([NewLink("https://e.com/a"), NewLink("https://e.com/b")])
    else:
        results = await adapter.update_links([(f"tinyurl.com/{name}", LinkPatch(archived=True)) for name in "ab"])
    assert [type(each) for each in results] == [AmbiguousError] * 2
    assert "may have been" in str(results[0]) or "was created" in str(results[0])
    assert calls.count("POST /bulk") == 1


async def test_an_update_of_several_calls_that_fails_half_way_in_a_batch_is_ambiguous() -> None:
    vendor = tinyurl()
    first, second, taken = [
        (await vendor.adapter.create_link(NewLink("https://www.example.com/"))).link for _ in range(3)
    ]
    both = LinkPatch("https://www.example.com/other", taken.slug)
    results = await vendor.adapter.update_links([(first.handle, both), (second.handle, LinkPatch(slug=taken.slug))])
    assert [type(each) for each in results] == [AmbiguousError, ConflictError]


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewLink("https://e.com", slug="abcd"), "slug"),
        (NewLink("https://e.com", slug="a/b/c/d"), "slug"),
        (NewLink("https://e.com", tags=("x" * 46,)), "tags"),
        (NewLink("https://e.com", expiry=Expiry(after_clicks=5)), "expiry"),
        (NewLink("https://e.com", expiry=Expiry(TODAY - timedelta(days=1))), "expiry"),
        (NewLink("https://e.com", slug="abcd", domain=BRANDED_DOMAIN), None),
    ],
)
def test_what_tinyurl_certainly_refuses_is_found_before_any_call(new: NewLink, field: str | None) -> None:
    adapter = tinyurl().adapter
    assert {problem.path[0] for problem in adapter.check_new_link(new)} == ({field} if field else set())


async def test_the_parts_of_a_link_share_four_calls_and_their_numbers_fit() -> None:
    vendor = tinyurl()
    link = (await listed(vendor.adapter))[3]
    vendor.asked()
    report = await vendor.adapter.read_stats(link.handle, link, MONTH, EVERYTHING)
    assert len(vendor.asked()) == 5
    assert report.clicks == sum(day.clicks or 0 for day in report.series or ())
    assert report.breakdowns.keys() == PROVIDER.stats_dimensions
    assert {sum(row.clicks or 0 for row in rows) for rows in report.breakdowns.values()} == {report.clicks}
    future = Period(TODAY + timedelta(days=2), TODAY + timedelta(days=3))
    assert (await vendor.adapter.read_stats(link.handle, link, future, EVERYTHING)).clicks == 0
    assert vendor.asked() == []


async def test_a_link_whose_analytics_are_off_has_no_numbers_and_no_zeros() -> None:
    vendor = tinyurl()
    link = next(link for link in vendor.account.links.values() if not link.counts_clicks)
    report = await vendor.adapter.read_stats(f"{link.domain}/{link.alias}", None, MONTH, EVERYTHING)
    assert report.failures.keys() == EVERYTHING
    assert (report.clicks, report.series, report.breakdowns) == (None, None, {})
    life = await vendor.adapter.read_stats(f"{link.domain}/{link.alias}", None, None, frozenset({TOTALS}))
    assert life.clicks == sum(day.total for day in link.days.values())


async def test_statistics_without_the_permission_are_forbidden() -> None:
    vendor = tinyurl(token=READING_TOKEN)
    link = (await listed(vendor.adapter))[0]
    with pytest.raises(ForbiddenError, match="permission"):
        await vendor.adapter.read_stats(link.handle, link, MONTH, frozenset({TOTALS}))


ROW = {"datetime": "2026-11-18 00:00:00", "total": 3, "unique": 2, "human": 3}


@pytest.mark.parametrize(
    ("part", "data"),
    [
        (TOTALS, {"dataset": [ROW, {**ROW, "human": "many"}]}),
        (TOTALS, {"dataset": [{**ROW, "datetime": "yesterday"}]}),
        (TOTALS, {"dataset": [ROW, {**ROW, "datetime": "2026-11-18 14:00:00"}]}),
        (StatsPart.of(Dimension.REFERRER), {"dataset": [{"source": "", "hits": 3}], "total": 3}),
        (StatsPart.of(Dimension.REFERRER), {"dataset": [], "direct": "many", "total": 3}),
        (StatsPart.of(Dimension.OS), {"dataset": [{"os": [{"name": "iOS", "value": -1}]}]}),
        (StatsPart.of(Dimension.OS), {"dataset": {"os": "many"}}),
    ],
)
async def test_a_report_with_an_odd_row_is_unreadable_and_no_smaller_number(part: StatsPart, data: object) -> None:
    adapter, _ = answering(lambda _: data)
    with pytest.raises(BadResponseError):
        await adapter.read_stats(HANDLE, None, DAYS, frozenset({part}))


def test_people_are_dropped_at_the_door() -> None:
    assert drop_personal(good(FULL)) == good({**LINK, "hits": 12})
    assert drop_personal([FULL]) == [FULL]


async def test_an_unknown_alias_is_not_found_under_404_and_422() -> None:
    for as_422 in (False, True):
        vendor = tinyurl()
        vendor.account.unknown_as_422 = as_422
        assert await vendor.adapter.find_link("tinyurl.com", "nobodys", frozenset()) is None
        assert not isinstance((await vendor.adapter.get_links(["tinyurl.com/nobodys"], frozenset())), VendorError)
