"""Dub: folders, cursors that are gone, foreign links under 401, batches out of order, days, and passwords."""

import json
from collections.abc import Callable, Mapping
from datetime import date

import pytest

from harness.dub_answers import a_link, answering
from harness.dub_vendor import Dub, adapter_over, dub
from harness.failure_cases.dub import HANDLE, LINK
from harness.gateway import open_gateway
from harness.whole_lists import listed
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    ConflictError,
    NotFoundError,
    RejectedError,
    UnauthenticatedError,
    VendorError,
)
from linkweave.models import (
    TOTALS,
    DeviceTarget,
    Expiry,
    LinkFilter,
    Platform,
    Variant,
)
from linkweave.models.changes import LinkPatch, NewLink, WrittenLink
from linkweave.providers.dub import PROVIDER
from linkweave.providers.dub.batch_matching import match_items
from linkweave.providers.dub.emulator.seed import FOLDERS, PRIMARY_DOMAIN, SECOND_DOMAIN
from linkweave.providers.dub.emulator.workspace import StoredLink
from linkweave.providers.dub.wire import LinksAnswer, drop_passwords
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tolerant_reader import read_tolerantly
from linkweave.testing.bench import account_table

WHOLE = """{
  links(first: 100) {
    nodes { destination archived passwordProtected clicks tags { name } } sources { status returned }
  }
  stats(filter: { tags: { any: ["launch"] } }) {
    clicks complete series { clicks } breakdown(by: COUNTRY) { buckets { key } }
  }
  tags { nodes { name } }
  accounts { plan { name } quotas { name used } domains { name } }
}"""
FOREIGN = "link_of-another-workspace"


def stored_with(vendor: Dub, wanted: Callable[[StoredLink], bool]) -> set[str]:
    return {link.id for link in vendor.workspace.links if wanted(link)}


async def test_one_query_has_links_of_all_folders_with_their_days_tags_domains_and_the_plan() -> None:
    gateway = open_gateway(providers={"dub": PROVIDER}, accounts=[account_table(PROVIDER)])
    data = await gateway.data(WHOLE)
    assert data["links"]["sources"] == [{"status": "OK", "returned": 100}]
    nodes = data["links"]["nodes"]
    assert {node["archived"] for node in nodes} == {True, False}
    assert {node["passwordProtected"] for node in nodes} == {True, False}
    assert all(node["destination"] and node["clicks"] is not None for node in nodes)
    assert data["stats"]["complete"]
    assert data["stats"]["clicks"] == sum(day["clicks"] for day in data["stats"]["series"]) > 0
    assert {"key": "TW"} in data["stats"]["breakdown"]["buckets"]
    assert {tag["name"] for node in nodes for tag in node["tags"]} <= {tag["name"] for tag in data["tags"]["nodes"]}
    (account,) = data["accounts"]
    assert (account["plan"], len(account["domains"])) == ({"name": "advanced"}, 3)
    assert {"name": "links", "used": 160} in account["quotas"]
    # Folders once; each list, twice where it is long; then a handful of calls counts all links with the tag.
    calls = gateway.calls()["dub"]
    assert len(calls) <= 24
    assert len([call for call in calls if call == "GET /analytics"]) <= 5


async def test_links_of_every_folder_and_archived_ones_are_listed_once() -> None:
    vendor = dub()
    handles = [link.handle for link in await listed(vendor.adapter)]
    assert len(handles) == len(set(handles))
    assert set(handles) == stored_with(vendor, lambda _: True)
    assert {link.folder_id for link in vendor.workspace.links} == {None, *FOLDERS}


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (LinkFilter(domains=(SECOND_DOMAIN,)), lambda link: link.domain == SECOND_DOMAIN),
        (LinkFilter(tags_any=("sale",)), lambda link: any(tag.name == "sale" for tag in link.tags)),
    ],
)
async def test_a_list_by_domain_or_tags_has_the_links_of_all_folders(
    wanted: LinkFilter, fits: Callable[[StoredLink], bool]
) -> None:
    vendor = dub()
    assert {link.handle for link in await listed(vendor.adapter, wanted)} == stored_with(vendor, fits)


async def test_a_domain_of_others_is_not_asked_for() -> None:
    vendor = dub()
    plan = await vendor.adapter.plan_links(LinkFilter(domains=("nobodys.example",)))
    assert [lane.name for lane in plan.lanes] == ["unsorted", *FOLDERS]


async def test_a_tag_with_a_comma_is_left_to_the_gateway() -> None:
    plan = await dub().adapter.plan_links(LinkFilter(tags_any=("a,b",)))
    assert next(lane.query for lane in plan.lanes) == {}


async def test_the_links_of_an_author_are_chosen_by_dub() -> None:
    vendor = dub()
    assert await listed(vendor.adapter, LinkFilter(author_id="user_1")) == []


async def test_an_external_id_is_found_by_one_call_and_an_unknown_one_has_no_link() -> None:
    vendor = dub()
    stored = vendor.workspace.links[3]
    stored.fields["externalId"] = "order-7"
    assert [link.handle for link in await listed(vendor.adapter, LinkFilter(external_id="order-7"))] == [stored.id]
    assert await listed(vendor.adapter, LinkFilter(external_id="order-8")) == []
    assert [(call.method, call.path) for call in vendor.calls] == [("GET", "/links/info")] * 2


async def test_stars_match_nothing_without_a_call() -> None:
    vendor = dub()
    plan = await vendor.adapter.plan_links(LinkFilter(starred=True))
    assert (plan.lanes, plan.notice, vendor.calls) == ((), "Dub has no starred links.", [])


@pytest.mark.parametrize("gone", [1, 2])
async def test_a_page_goes_on_where_the_links_at_the_end_of_the_page_before_were_deleted(gone: int) -> None:
    vendor = dub()
    first = await vendor.adapter.list_links(Lane("unsorted"), None)
    deleted = {link.handle for link in first.items[-gone:]}
    vendor.workspace.links = [link for link in vendor.workspace.links if link.id not in deleted]
    second = await vendor.adapter.list_links(Lane("unsorted"), first.next)
    expected = stored_with(vendor, lambda link: link.folder_id is None) - {link.handle for link in first.items}
    assert {link.handle for link in second.items} == expected


async def test_a_page_whose_cursors_are_all_gone_is_refused() -> None:
    with pytest.raises(RejectedError):
        await dub().adapter.list_links(Lane("unsorted"), "link_gone link_gone_too")


@pytest.mark.parametrize("handle", ["", "ext_crm-1", "../tags", "a/b", "x" * 65])
async def test_a_handle_that_cannot_be_an_id_is_not_found_without_a_call(handle: str) -> None:
    vendor = dub()
    for call in (vendor.adapter.delete_link, vendor.adapter.plan_update(LinkPatch(note="x"))[0].run):
        with pytest.raises(NotFoundError):
            await call(handle)
    with pytest.raises(NotFoundError):
        await vendor.adapter.read_stats(handle, None, None, frozenset({TOTALS}))
    assert await vendor.adapter.get_links([handle], frozenset()) == {}
    assert vendor.calls == []


async def test_a_link_of_another_workspace_is_not_found_and_the_token_stays_good() -> None:
    vendor = dub()
    assert await vendor.adapter.find_link("dub.sh", "of-another-workspace", frozenset()) is None
    with pytest.raises(NotFoundError):
        await vendor.adapter.delete_link(FOREIGN)
    with pytest.raises(UnauthenticatedError):
        await dub(token="wrong").adapter.delete_link(FOREIGN)


async def test_a_link_is_found_without_case_and_never_at_the_root() -> None:
    vendor = dub()
    link = await a_link(vendor)
    found = await vendor.adapter.find_link(str(link.domain), link.slug.upper(), frozenset())
    assert found is not None
    assert found.handle == link.handle
    assert await vendor.adapter.find_link(PRIMARY_DOMAIN, "_root", frozenset()) is None


def test_a_link_has_every_part_that_dub_tells_but_its_password() -> None:
    row = drop_passwords([LINK, {"link": {**LINK, "password": None}, "error": "x"}, "odd"])
    assert "s3cret" not in json.dumps(row)
    answer = read_tolerantly(LinksAnswer, row)
    (link,) = (each.to_link(dub().clock.now()) for each in answer.rows)
    assert link.password_protected is True
    assert link.expiry == Expiry(date(2026, 12, 2), redirect_to="https://example.com/over")
    assert link.device_targets == (DeviceTarget(Platform.IOS, "https://apps.example.com/ios"),)
    assert link.variants == (Variant("https://example.com/a", 60), Variant("https://example.com/b", 40))


async def test_a_batch_has_each_result_in_its_place_however_dub_orders_them() -> None:
    vendor = dub()
    taken = vendor.workspace.links[0]
    new = [
        NewLink("https://www.example.com/a", slug=taken.key, domain=taken.domain),
        NewLink("https://www.example.com/b", title="B"),
        NewLink("https://www.example.com/b"),
        NewLink("https://www.example.com/c", slug="twin"),
        NewLink("https://www.example.com/d", slug="TWIN"),
    ]
    results = await vendor.adapter.create_links(new)
    assert [type(result) for result in results] == [
        ConflictError,
        WrittenLink,
        WrittenLink,
        WrittenLink,
        ConflictError,
    ]
    shown = [(each.link.destination, each.link.title) for each in results if isinstance(each, WrittenLink)]
    base = "https://www.example.com/"
    assert shown == [(f"{base}b", "B"), (f"{base}b", None), (f"{base}c", None)]


def test_an_item_that_fits_no_link_is_no_links_result() -> None:
    bodies = [{"url": "https://e.com/a"}, {"url": "https://e.com/b"}]
    items: list[Mapping[str, object]] = [
        {"link": {"url": "https://e.com/b"}, "error": "no"},
        {"url": 5},
        {"error": "x"},
    ]
    assert match_items(bodies, items) == [None, items[0]]


async def test_links_that_change_alike_take_one_call_and_others_one_each() -> None:
    vendor = dub()
    handles = [link.id for link in vendor.workspace.links[:4]]
    note, other = LinkPatch(note="Warm"), LinkPatch(add_tags=("new tag",))
    patches = [(handles[0], note), (handles[1], note), (handles[2], other), ("link_unknown", note)]
    results = await vendor.adapter.update_links(patches)
    assert [type(result) for result in results] == [WrittenLink, WrittenLink, WrittenLink, NotFoundError]
    writes = [call.path for call in vendor.calls if call.method != "GET"]
    assert sorted(writes) == ["/links/bulk", f"/links/{handles[2]}", "/tags"]
    assert [tag.name for tag in vendor.workspace.find(handles[2]).tags][-1] == "new tag"


async def test_deleted_links_are_told_from_unknown_ones() -> None:
    vendor = dub()
    handles = [vendor.workspace.links[0].id, "link_unknown", "../tags"]
    results = await vendor.adapter.delete_links(handles)
    assert [type(results[handle]) for handle in handles] == [type(None), NotFoundError, NotFoundError]


async def test_a_delete_of_fewer_links_than_there_were_is_ambiguous() -> None:
    answers = {"GET /links": (200, [LINK]), "DELETE /links/bulk": (200, {"deletedCount": 0})}
    results = await adapter_over(answering(answers)).delete_links([HANDLE])
    assert isinstance(results[HANDLE], AmbiguousError)


@pytest.mark.parametrize(
    ("new", "path", "is_invalid"),
    [
        (NewLink("https://e.com", slug="x" * 191), ("slug",), True),
        (NewLink("https://e.com", title="x" * 121), ("title",), True),
        (NewLink("https://e.com", external_id="ext_1"), ("external_id",), True),
        (NewLink("https://e.com", expiry=Expiry(redirect_to="https://e.com")), ("expiry",), False),
        (NewLink("https://e.com", expiry=Expiry(date(2027, 1, 1), after_clicks=3)), ("expiry", "after_clicks"), False),
        (
            NewLink("https://e.com", device_targets=(DeviceTarget(Platform.WINDOWS, "https://e.com"),)),
            ("device_targets", "0", "platform"),
            False,
        ),
    ],
)
def test_a_value_that_dub_cannot_store_is_found_before_any_call(
    new: NewLink, path: tuple[str, ...], *, is_invalid: bool
) -> None:
    (problem,) = dub().adapter.check_new_link(new)
    assert (problem.path, problem.is_invalid) == (path, is_invalid)


async def test_a_link_that_could_not_be_read_has_the_error_in_its_place() -> None:
    adapter = adapter_over(answering({"GET /links": (403, {"error": {"code": "forbidden"}})}))
    assert isinstance((await adapter.get_links([HANDLE], frozenset()))[HANDLE], VendorError)


async def test_a_new_link_on_a_domain_of_others_is_rejected_at_its_field() -> None:
    with pytest.raises(RejectedError) as caught:
        await dub().adapter.create_link(NewLink("https://www.example.com/new", domain="nope.example"))
    assert caught.value.field == "domain"


async def test_a_list_that_does_not_go_on_ends_with_an_error() -> None:
    page = [{**LINK, "id": f"link_{at}"} for at in range(100)]
    adapter = adapter_over(answering({"GET /links": (200, page)}))
    first = await adapter.list_links(Lane("unsorted"), None)
    assert first.next is not None
    with pytest.raises(BadResponseError, match="does not go on"):
        await adapter.list_links(Lane("unsorted"), first.next)


@pytest.mark.parametrize(
    ("status", "told", "missing"),
    [
        (200, "advanced", ()),
        (200, "free", ("plan is 'advanced' in the configuration, but 'free' at Dub",)),
        (200, "a plan of tomorrow", ()),
        (403, "free", ()),
    ],
)
async def test_the_check_compares_the_plan_where_the_token_may_read_it(
    status: int, told: str, missing: tuple[str, ...]
) -> None:
    answers: dict[str, tuple[int, object]] = {
        "GET /links": (200, []),
        "GET /workspaces/workspace": (status, {"plan": told}),
    }
    assert await adapter_over(answering(answers)).probe() == missing
