"""PicSee: how changes are sent."""

import json
from collections.abc import Mapping
from datetime import date

import httpx2
import pytest

from harness.emulators import Bench, Seen, bench
from harness.picsee_vendor import OVERVIEW, SEEDED, adapter_of, adapter_over, links_of, scripted
from linkweave.errors import ConflictError, NotFoundError, RejectedError, UnavailableError
from linkweave.models import DeviceTarget, Expiry, Platform, Utm
from linkweave.models.changes import UNSET, InputProblem, LinkPatch, Preview
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.update_links import edit_body

# Made by hand and starred: in the last of the four lists.
LAST = next(link for link in SEEDED if link.is_star and not link.is_api)
TAGGED = next(link for link in SEEDED if link.tags == ["sale", "gifts"] and link.is_api and not link.is_star)
SLUG = SEEDED[0].encode_id
MAC = DeviceTarget(Platform.MAC, "https://mac.example.com/")
TAGS = frozenset({"tags"})


async def update(adapter: PicseeAdapter, patch: LinkPatch, handle: str = SLUG) -> str:
    assert adapter.check_patch(patch) == ()
    (step,) = adapter.plan_update(patch)
    assert step.fields == patch.given()
    return await step.run(handle)


def edits(account: Bench) -> list[Seen]:
    return [call for call in account.calls if call.method == "PUT"]


async def test_all_fields_but_tags_are_sent_in_one_call() -> None:
    account = bench("picsee")
    patch = LinkPatch(
        destination="https://shop.example.com/new",
        slug="new-slug",
        title="New title",
        external_id="crm",
        utm=Utm(source="line", medium="cpc"),
        expiry=Expiry(date(2026, 12, 31)),
        device_targets=(DeviceTarget(Platform.DESKTOP, "https://www.example.com/desktop"),),
        preview=Preview(description="Everything", image_url="https://www.example.com/new.png"),
        pixel="1234567890",
        tag_manager="GTM-ABC123",
    )
    assert await update(adapter_of(account), patch) == "new-slug"
    (call,) = account.calls
    assert (call.path, call.query) == (f"/v2/links/{SLUG}", {})
    assert json.loads(call.body) == {
        "url": "https://shop.example.com/new",
        "encodeId": "new-slug",
        "externalId": "crm",
        "title": "New title",
        "description": "Everything",
        "imageUrl": "https://www.example.com/new.png",
        "targets": [{"target": "pc_mac", "url": "https://www.example.com/desktop"}],
        "fbPixel": "1234567890",
        "gTag": "GTM-ABC123",
        "utm": {"source": "line", "medium": "cpc"},
        "expireTime": "2026-12-31T23:59:59",
    }
    assert PicseeAdapter.updatable == patch.given() | {"add_tags", "remove_tags"}


@pytest.mark.parametrize(
    ("patch", "body"),
    [
        (LinkPatch(title="New title"), {"title": "New title"}),
        (LinkPatch(device_targets=()), {"targets": []}),
        (LinkPatch(device_targets=(MAC,)), {"targets": [{"target": "mac", "url": "https://mac.example.com/"}]}),
        (
            LinkPatch(utm=None, expiry=None, pixel=None, tag_manager=None),
            {"utm": None, "expireTime": None, "fbPixel": None, "gTag": None},
        ),
    ],
)
async def test_only_given_fields_are_sent_and_null_clears(patch: LinkPatch, body: dict[str, object]) -> None:
    account = bench("picsee")
    assert await update(adapter_of(account), patch) == SLUG
    assert json.loads(edits(account)[0].body) == body
    assert patch.cleared() <= PicseeAdapter.clearable == {"utm", "expiry", "pixel", "tag_manager"}


def test_a_patch_without_changes_is_no_call() -> None:
    assert adapter_of(bench("picsee")).plan_update(LinkPatch()) == ()


@pytest.mark.parametrize(
    ("add", "remove", "after"),
    [
        (("new",), UNSET, ["sale", "gifts", "new"]),
        (UNSET, ("gifts",), ["sale"]),
        (("new",), ("SALE",), ["gifts", "new"]),
        (("Sale",), UNSET, ["sale", "gifts"]),
        (("Sale",), ("sale",), ["gifts", "Sale"]),
        (("new", "NEW"), UNSET, ["sale", "gifts", "new"]),
        (UNSET, ("sale", "gifts"), []),
        (UNSET, ("nothing",), ["sale", "gifts"]),
    ],
)
async def test_tags_are_read_and_sent_as_a_whole(add: tuple[str, ...], remove: tuple[str, ...], after: object) -> None:
    account = bench("picsee")
    await update(adapter_of(account), LinkPatch(add_tags=add, remove_tags=remove), TAGGED.encode_id)
    search, edit = account.calls
    assert (search.path, json.loads(search.body)) == ("/v2/links/overview", {"encodeId": TAGGED.encode_id})
    assert json.loads(edit.body) == {"tags": after}


async def test_tags_are_looked_up_in_each_list() -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    await update(adapter, LinkPatch(remove_tags=tuple(LAST.tags)), LAST.encode_id)
    assert [call.path for call in account.calls] == ["/v2/links/overview"] * 4 + [f"/v2/links/{LAST.encode_id}"]
    assert (await links_of(adapter, [LAST.encode_id], TAGS))[LAST.encode_id].tags == ()


@pytest.mark.parametrize(("handle", "calls"), [("nothing", 1), ("..", 0), ("", 0)])
async def test_a_link_that_does_not_exist_cannot_be_changed(handle: str, calls: int) -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError):
        await update(adapter_of(account), LinkPatch(title="New title"), handle)
    assert len(account.calls) == calls
    with pytest.raises(NotFoundError):
        await update(adapter_of(account), LinkPatch(add_tags=("new",)), handle)
    assert len(edits(account)) == calls


async def test_tags_of_a_link_that_is_not_listed_yet_are_not_overwritten() -> None:
    # PicSee's search may give another link.
    other = {
        "mapId": 1,
        "domain": "pse.is",
        "encodeId": "other",
        "url": "https://example.com/",
        "createTime": "2026-11-20T10:00:00+08:00",
        "tags": [{"value": "theirs"}],
    }
    adapter = scripted({"/v2/links/overview": (200, {"data": [other]}), "/overview": (200, {"data": OVERVIEW})})
    with pytest.raises(UnavailableError, match="nothing was changed") as caught:
        await update(adapter, LinkPatch(add_tags=("new",)), "5b93x9")
    assert caught.value.retry_after == 600


async def test_nothing_is_changed_when_the_search_for_tags_fails() -> None:
    paths: list[str] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        paths.append(request.url.path)
        return httpx2.Response(503, stream=httpx2.ByteStream(b""), request=request)

    adapter = adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    with pytest.raises(UnavailableError):
        await update(adapter, LinkPatch(add_tags=("new",), title="New title"))
    assert paths == ["/v2/links/overview"]


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        (LinkPatch(expiry=Expiry()), ("expiry",)),
        (LinkPatch(expiry=Expiry(date(2027, 1, 1), after_clicks=0)), ("expiry", "after_clicks")),
        (LinkPatch(expiry=Expiry(date(2027, 1, 1), count_unique_only=False)), ("expiry", "count_unique_only")),
        (LinkPatch(expiry=Expiry(date(2027, 1, 1), redirect_to="https://a.example/")), ("expiry", "redirect_to")),
        (LinkPatch(expiry=Expiry(redirect_to_after_clicks="x")), ("expiry", "redirect_to_after_clicks")),
        (
            LinkPatch(device_targets=(DeviceTarget(Platform.OTHER_MOBILE, "https://a.example/"),)),
            ("device_targets", "0", "platform"),
        ),
        (LinkPatch(title="One", preview=Preview(title="Two")), ("preview", "title")),
    ],
)
def test_a_value_that_picsee_has_no_words_for_is_an_input_problem(patch: LinkPatch, path: tuple[str, ...]) -> None:
    assert [problem.path for problem in adapter_of(bench("picsee")).check_patch(patch)] == [path]


def test_an_input_problem_says_what_is_allowed() -> None:
    patch = LinkPatch(expiry=Expiry(after_clicks=5))
    assert adapter_of(bench("picsee")).check_patch(patch) == (
        InputProblem(("expiry", "after_clicks"), "the provider has no parameter for it; allowed: at"),
    )


def test_an_expiry_without_a_day_never_clears_one() -> None:
    assert edit_body(LinkPatch(expiry=Expiry()), None) == {}


@pytest.mark.parametrize(
    ("patch", "kind", "expected"),
    [
        (LinkPatch(slug=SEEDED[1].encode_id), ConflictError, ("PUB00503", "slug")),
        (LinkPatch(destination="https://www.example.org/"), RejectedError, ("PUB00510", "destination")),
        (LinkPatch(preview=Preview(image_url="x")), RejectedError, ("PUB00512", "preview")),
        (LinkPatch(title="x"), RejectedError, ("PUB00002", "title")),
    ],
)
async def test_a_refusal_names_the_field(
    patch: LinkPatch, kind: type[ConflictError | RejectedError], expected: tuple[str, str | None]
) -> None:
    account = bench("picsee")
    with pytest.raises(kind) as caught:
        await update(adapter_of(account), patch)
    assert (caught.value.provider_code, caught.value.field) == expected
    assert len(account.calls) == 1


async def test_too_many_tags_are_refused_at_the_field_that_added_them() -> None:
    account = bench("picsee")
    with pytest.raises(RejectedError) as caught:
        await update(adapter_of(account), LinkPatch(add_tags=("a", "b", "c", "d")))
    assert (caught.value.provider_code, caught.value.field) == ("PUB00513", "add_tags")


async def test_a_slug_is_one_segment_of_the_path() -> None:
    seen: list[Mapping[str, object]] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append({"path": request.url.raw_path.decode(), "body": json.loads(request.content)})
        body = b'{"data": {"result": "success"}, "meta": {}}'
        return httpx2.Response(200, stream=httpx2.ByteStream(body), request=request)

    adapter = adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    assert await update(adapter, LinkPatch(slug="夏季"), "春季/x") == "夏季"
    assert seen == [{"path": "/v2/links/%E6%98%A5%E5%AD%A3%2Fx", "body": {"encodeId": "夏季"}}]
