"""Rebrandly: workspaces, whole objects, tags that cost calls, pages after a link, and days that it does not count."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import httpx2
import pytest

from harness.failure_cases.rebrandly import ACCOUNT, HANDLE, LINK
from harness.gateway import open_gateway
from harness.rebrandly_vendor import Rebrandly, adapter_over, rebrandly
from linkweave.errors import AmbiguousError, BadResponseError, ConflictError, NotFoundError, UnsupportedError
from linkweave.models import TOTALS, Link, LinkFilter, Period
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.providers.rebrandly import PROVIDER
from linkweave.providers.rebrandly.adapter import RebrandlyAdapter
from linkweave.providers.rebrandly.emulator.seed import CUSTOM_DOMAIN, MAIN_WORKSPACE, OTHER_WORKSPACE
from linkweave.providers.rebrandly.emulator.store import StoredLink
from linkweave.providers.rebrandly.wire import drop_personal
from linkweave.testing.bench import account_table
from linkweave.testing.virtual_time import NOW

LIST = Lane("links")
LONG = "t" * 300
WHOLE = """{
  links(first: 100) {
    nodes { destination clicks uniqueClicks starred tags { name } } sources { status returned }
  }
  stats(filter: { tags: { any: ["launch"] } }) { clicks complete sources { status } }
  tags { nodes { name } }
  accounts { plan { name } quotas { name used limit } domains { name } }
}"""
NEW = NewLink("https://www.example.com/new")


async def all_links(adapter: RebrandlyAdapter, lane: Lane = LIST) -> list[Link]:
    links, page = list[Link](), await adapter.list_links(lane, None)
    links += page.items
    while page.next is not None:
        page = await adapter.list_links(lane, page.next)
        links += page.items
    return links


def main_links(vendor: Rebrandly) -> list[StoredLink]:
    return vendor.store.workspaces[MAIN_WORKSPACE].links


async def update(vendor: Rebrandly, handle: str, patch: LinkPatch) -> None:
    for step in vendor.adapter.plan_update(patch):
        await step.run(handle)


def answering(answers: Mapping[str, object]) -> tuple[RebrandlyAdapter, list[object]]:
    """An adapter at a vendor with an answer for each method, and the bodies that the vendor got."""
    bodies = list[object]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        if request.content:
            bodies.append(json.loads(request.content))
        content = json.dumps(answers[request.method]).encode()
        return httpx2.Response(200, stream=httpx2.ByteStream(content), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond))), bodies


async def test_one_query_has_the_links_of_the_workspace_with_whole_lives_tags_domains_and_the_plan() -> None:
    gateway = open_gateway(providers={"rebrandly": PROVIDER}, accounts=[account_table(PROVIDER)])
    data = await gateway.data(WHOLE)
    nodes = data["links"]["nodes"]
    assert data["links"]["sources"] == [{"status": "OK", "returned": 70}]
    assert all(node["destination"] and node["clicks"] >= node["uniqueClicks"] for node in nodes)
    assert {node["starred"] for node in nodes} == {True, False}
    assert {tag["name"] for node in nodes for tag in node["tags"]} <= {tag["name"] for tag in data["tags"]["nodes"]}
    # It counts no days, so that a sum of days lacks its links, and says so.
    assert (data["stats"]["clicks"], data["stats"]["complete"]) == (None, False)
    assert data["stats"]["sources"] == [{"status": "UNSUPPORTED"}]
    (account,) = data["accounts"]
    assert (account["plan"], len(account["domains"])) == ({"name": "pro"}, 2)
    assert {"name": "links", "used": 75, "limit": 1_000} in account["quotas"]
    # Three pages, and once more for the tag; tags, domains and the plan once each.
    assert len(gateway.calls()["rebrandly"]) <= 12


@pytest.mark.parametrize("workspace", [None, OTHER_WORKSPACE])
async def test_each_call_has_the_key_and_the_workspace(workspace: str | None) -> None:
    asked = list[httpx2.Request]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, stream=httpx2.ByteStream(b"[]"), request=request)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    assert await adapter_over(http, workspace=workspace).probe() == ()
    assert [request.url.path for request in asked] == ["/v1/links", "/v1/account"]
    assert {request.headers["apikey"] for request in asked} == {"sandbox-rebrandly-key"}
    assert {request.headers.get("workspace") for request in asked} == {workspace}


@pytest.mark.parametrize(
    ("plan", "features", "missing"),
    [
        (None, {}, ()),
        ("Pro", {"links": {"tags": True, "notes": "yes"}, "clicks": None}, ()),
        ("starter", {}, ("plan is 'starter' in the configuration, but 'pro' at Rebrandly",)),
        (
            None,
            {"links": {"tags": False, "notes": 0}, "clicks": {"total": False}},
            (
                "the plan has no tags, so that changes of tags are refused",
                "the plan has no notes, so that a note is refused",
                "the plan does not count clicks",
            ),
        ),
    ],
)
async def test_the_check_names_the_plan_and_what_it_lacks(
    plan: str | None, features: object, missing: tuple[str, ...]
) -> None:
    account = {"id": "3aeh", "subscription": {"category": "pro", "features": features}}

    def respond(request: httpx2.Request) -> httpx2.Response:
        answer = account if request.url.path == "/v1/account" else []
        return httpx2.Response(200, stream=httpx2.ByteStream(json.dumps(answer).encode()), request=request)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    assert await adapter_over(http, plan=plan).probe() == missing


async def test_an_account_has_the_links_of_its_own_workspace() -> None:
    main, other = rebrandly(), rebrandly(workspace=OTHER_WORKSPACE)
    links, others = await all_links(main.adapter), await all_links(other.adapter)
    assert (len(links), len(others)) == (70, 5)
    assert not {link.handle for link in links} & {link.handle for link in others}
    assert await other.adapter.get_links([links[0].handle], frozenset()) == {}


async def test_a_page_has_25_links_and_begins_after_the_last_one_of_the_page_before() -> None:
    vendor = rebrandly()
    await all_links(vendor.adapter)
    asked = [dict(call.query) for call in vendor.calls]
    assert [query["limit"] for query in asked] == ["25"] * 3
    newest = [link.id for link in main_links(vendor)]
    assert [query.get("last") for query in asked] == [None, newest[24], newest[49]]


async def test_a_page_after_a_deleted_link_is_no_end_of_the_list() -> None:
    vendor = rebrandly()
    first = await vendor.adapter.list_links(LIST, None)
    assert first.next is not None
    await vendor.adapter.delete_link(first.next)
    with pytest.raises(BadResponseError, match="list again"):
        await vendor.adapter.list_links(LIST, first.next)


@pytest.mark.parametrize("handle", ["new", "count", "search", "", " ", "..", "a/b/c/d/e", "x" * 65])
async def test_a_handle_that_cannot_be_an_id_is_not_found_without_a_call(handle: str) -> None:
    vendor = rebrandly()
    assert await vendor.adapter.get_links([handle], frozenset()) == {}
    for patch in (LinkPatch(title="Other"), LinkPatch(add_tags=("sale",)), LinkPatch(remove_tags=("sale",))):
        with pytest.raises(NotFoundError):
            await update(vendor, handle, patch)
    with pytest.raises(NotFoundError):
        await vendor.adapter.delete_link(handle)
    assert vendor.calls == []


async def test_an_update_sends_the_whole_object_as_it_was_but_for_the_change() -> None:
    adapter, bodies = answering({"GET": {**LINK, "description": "A note"}, "POST": {**LINK, "title": "Other"}})
    await adapter.plan_update(LinkPatch(title="Other"))[0].run(HANDLE)
    kept = {"destination": LINK["destination"], "favourite": False, "description": "A note"}
    assert bodies == [{**kept, "title": "Other"}]


@pytest.mark.parametrize(
    ("shown", "is_lost"),
    [
        ({"title": "Other"}, False),
        ({"title": "Cut by the vend"}, False),
        ({"title": "Other", "destination": None}, False),
        ({"title": "Other", "destination": "https://example.com/somebody-elses"}, True),
        ({"title": "Other", "favourite": True}, True),
        ({"title": "Example"}, True),
    ],
)
async def test_an_update_is_ambiguous_where_the_answer_shows_another_one(
    shown: Mapping[str, object], is_lost: bool
) -> None:
    adapter, bodies = answering({"GET": LINK, "POST": {**LINK, **shown}})
    run = adapter.plan_update(LinkPatch(title="Other"))[0].run
    if is_lost:
        with pytest.raises(AmbiguousError, match="somebody else"):
            await run(HANDLE)
    else:
        assert await run(HANDLE) == HANDLE
    assert len(bodies) == 1


async def test_a_broken_write_of_an_update_is_ambiguous_and_was_sent_once() -> None:
    sent = list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.method)
        status = 200 if request.method == "GET" else 500
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(LINK).encode()), request=request)

    adapter = adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    with pytest.raises(AmbiguousError):
        await adapter.plan_update(LinkPatch(starred=True))[0].run(HANDLE)
    assert sent == ["GET", "POST"]


async def test_tags_are_read_for_each_link_where_lists_lack_them() -> None:
    inline, apart = rebrandly(), rebrandly()
    apart.store.shows_tags = False
    links = [(await vendor.adapter.list_links(LIST, None)).items for vendor in (inline, apart)]
    assert [link.tags for link in links[0]] == [link.tags for link in links[1]]
    assert any(link.tags for link in links[0])
    assert (len(inline.calls), len(apart.calls)) == (1, 27)
    handle = links[1][0].handle
    found = await apart.adapter.get_links([handle], frozenset({"tags"}))
    again = found[handle]
    assert isinstance(again, Link)
    assert again.tags == links[1][0].tags
    without = rebrandly(workspace=OTHER_WORKSPACE)
    without.store.shows_tags = False
    await without.adapter.list_links(LIST, None)
    assert [call.path for call in without.calls] == ["/v1/links", "/v1/tags"]


async def test_a_new_link_gets_its_tags_after_those_that_are_missing_were_made() -> None:
    vendor = rebrandly()
    written = await vendor.adapter.create_link(NewLink(NEW.destination, tags=("SALE", "Trade fair", "sale")))
    assert written.link.tags == ("sale", "Trade fair")
    first, second, *attached = vendor.writes()
    assert (first, second) == ("POST /v1/tags", "POST /v1/links")
    assert len(attached) == 2
    assert all(call.startswith(f"POST /v1/links/{written.link.handle}/tags/") for call in attached)


async def test_a_link_whose_tags_cannot_be_attached_is_ambiguous_and_named() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        path, body = request.url.path, json.dumps(LINK).encode()
        if path.endswith("/tags"):
            body = b'[{"id": "t1", "name": "sale"}]'
        status = 403 if path.endswith("/t1") else 200
        return httpx2.Response(status, stream=httpx2.ByteStream(body), request=request)

    adapter = adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    with pytest.raises(AmbiguousError, match=r"https://rebrand\.ly/promo was created, and may lack tags"):
        await adapter.create_link(NewLink(NEW.destination, tags=("sale",)))


async def test_tags_that_were_changed_in_part_are_ambiguous() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        path, body = request.url.path, b"{}"
        if path.endswith("/tags"):
            body = b'[{"id": "t1", "name": "sale"}, {"id": "t2", "name": "coats"}]'
        status = 403 if path.endswith("/t2") else 200
        return httpx2.Response(status, stream=httpx2.ByteStream(body), request=request)

    adapter = adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    with pytest.raises(AmbiguousError, match="1 of the tags"):
        await adapter.plan_update(LinkPatch(remove_tags=("Sale", "coats")))[0].run(HANDLE)


async def test_a_taken_slug_is_a_conflict_in_any_case() -> None:
    vendor = rebrandly()
    await vendor.adapter.create_link(NewLink(NEW.destination, slug="Promo"))
    with pytest.raises(ConflictError) as caught:
        await vendor.adapter.create_link(NewLink(NEW.destination, slug="promo"))
    assert caught.value.field == "slug"
    found = await vendor.adapter.find_link("rebrand.ly", "PROMO", frozenset())
    assert found is not None
    assert found.short_url == "https://rebrand.ly/Promo"


async def test_lists_are_narrowed_by_domain_star_creator_and_days_with_a_margin() -> None:
    adapter = rebrandly().adapter
    wanted = LinkFilter(
        domains=(CUSTOM_DOMAIN, "nobodys.example"),
        starred=True,
        author_id="5e3c",
        created_after=datetime(2026, 11, 1, 23, tzinfo=UTC),
        created_before=datetime(2026, 11, 5, tzinfo=UTC),
    )
    (lane,) = (await adapter.plan_links(wanted)).lanes
    days = {"dateFrom": "2026-10-31", "dateTo": "2026-11-06"}
    assert dict(lane.query) == {
        **days,
        "favourite": "true",
        "creator.id": "5e3c",
        "domain.fullName": CUSTOM_DOMAIN,
    }
    starred = await all_links(adapter, (await adapter.plan_links(LinkFilter(starred=True))).lanes[0])
    assert len(starred) == 7
    assert all(link.starred for link in starred)
    edge = LinkFilter(created_after=datetime.min.replace(tzinfo=UTC))
    assert [dict(lane.query) for lane in (await adapter.plan_links(edge)).lanes] == [{}]


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(tags_all=("sale", "no such tag")),
        LinkFilter(tags_any=("no such tag",)),
        LinkFilter(author_id="5e3c,5e3d"),
        LinkFilter(domains=("nobodys.example",)),
        LinkFilter(external_id="crm-1"),
    ],
)
async def test_a_filter_that_nothing_can_match_has_no_list(wanted: LinkFilter) -> None:
    assert await rebrandly().adapter.plan_links(wanted) == ListPlan((), frozenset())


async def test_clicks_of_the_whole_life_come_with_the_link_and_those_of_days_are_unsupported() -> None:
    vendor = rebrandly()
    link = (await vendor.adapter.list_links(LIST, None)).items[1]
    calls = len(vendor.calls)
    life = await vendor.adapter.read_stats(link.handle, link, None, frozenset({TOTALS}))
    days = await vendor.adapter.read_stats(link.handle, link, Period(NOW.date(), NOW.date()), frozenset({TOTALS}))
    stored = main_links(vendor)[1]
    assert (life.clicks, life.unique_clicks) == (stored.clicks, stored.sessions)
    assert days.clicks is None
    assert isinstance(days.failures[TOTALS], UnsupportedError)
    assert len(vendor.calls) == calls


async def test_the_plan_has_limits_of_either_name() -> None:
    adapter, _ = answering({"GET": ACCOUNT})
    usage = await adapter.usage()
    assert [(each.name, each.used, each.limit) for each in usage.quotas] == [
        ("links", 75, 1000),
        ("tags", 1, 50),
        ("clicks", 5, 100),
    ]
    assert usage.plan is not None
    assert usage.plan.name == "pro"


def test_the_users_name_and_address_are_dropped() -> None:
    dropped = drop_personal(ACCOUNT)
    assert isinstance(dropped, dict)
    assert ACCOUNT.keys() - dropped.keys() == {"email", "fullName"}
    assert drop_personal([1]) == [1]


def test_lengths_that_the_vendor_refuses_are_found_before_any_call() -> None:
    adapter = rebrandly().adapter
    long = "x" * 300
    new = NewLink("https://e.com/" + "x" * 2_048, slug=long, title="ab", note="ab", tags=("ab",))
    assert [each.path for each in adapter.check_new_link(new)] == [
        ("destination",),
        ("slug",),
        ("title",),
        ("note",),
        ("tags",),
    ]
    assert adapter.check_patch(LinkPatch(title=long, note="A note", add_tags=("sale",))) == ()
    assert [each.path for each in adapter.check_patch(LinkPatch(title="a"))] == [("title",)]


@pytest.mark.parametrize(
    ("title", "of_new", "of_change"),
    [("t", False, False), ("tt", False, True), ("ttt", True, True), (LONG[:255], True, True), (LONG, False, True)],
)
def test_a_title_has_one_length_in_a_new_link_and_either_of_the_documents_two_in_a_change(
    title: str, of_new: bool, of_change: bool
) -> None:
    adapter = rebrandly().adapter
    new = adapter.check_new_link(NewLink("https://example.com/", title=title))
    assert [each.path for each in new] == ([] if of_new else [("title",)])
    changed = adapter.check_patch(LinkPatch(title=title))
    assert [each.path for each in changed] == ([] if of_change else [("title",)])
