"""PicSee: changing links, over the emulator."""

import json
from collections.abc import Mapping
from datetime import date

import httpx2
import pytest

from harness.emulators import Bench, Seen, bench
from harness.picsee_vendor import OVERVIEW, SEEDED, adapter_of, links_of, over, scripted
from linkweave.errors import (
    ConflictError,
    NotFoundError,
    PlanRequiredError,
    RejectedError,
    UnavailableError,
)
from linkweave.models import DeviceTarget, Expiry, Platform, Utm
from linkweave.models.changes import UNSET, LinkPatch, Objection, Preview
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.updating import edit_body

# Made by hand and starred: in the last of the four lists.
LAST = next(link for link in SEEDED if link.is_star and not link.is_api)
SEED = SEEDED[0]
SLUG = SEED.encode_id
SHOWN = frozenset({"title", "tags"})


async def update(adapter: PicseeAdapter, patch: LinkPatch, handle: str = SLUG) -> str:
    assert adapter.object_to_patch(patch) == ()
    (step,) = adapter.plan_update(patch)
    assert step.fields == patch.given()
    return await step.run(handle)


def edits(account: Bench) -> list[Seen]:
    return [call for call in account.calls if call.method == "PUT"]


def body_of(account: Bench) -> object:
    (call,) = edits(account)
    assert (call.path, call.query) == (f"/v2/links/{SLUG}", {})
    return json.loads(call.body)


async def test_everything_that_picsee_takes_is_said_in_one_call() -> None:
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
    assert len(account.calls) == 1
    assert body_of(account) == {
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


async def test_what_was_changed_is_read_back() -> None:
    adapter = adapter_of(bench("picsee"))
    patch = LinkPatch(destination="https://shop.example.com/new", title="New title", external_id="crm", slug="fresh")
    handle = await update(adapter, patch)
    link = (await links_of(adapter, [handle], SHOWN))[handle]
    assert (link.slug, link.destination, link.title) == ("fresh", "https://shop.example.com/new", "New title")
    assert (link.external_id, link.tags) == ("crm", tuple(SEED.tags))
    assert await links_of(adapter, [SLUG], frozenset()) == {}


async def test_what_is_not_given_stays() -> None:
    account = bench("picsee")
    assert await update(adapter_of(account), LinkPatch(title="New title")) == SLUG
    assert body_of(account) == {"title": "New title"}
    link = (await links_of(adapter_of(account), [SLUG], SHOWN))[SLUG]
    assert (link.destination, link.tags, link.external_id) == (SEED.url, tuple(SEED.tags), SEED.external_id)


async def test_null_clears_what_picsee_can_clear() -> None:
    account = bench("picsee")
    patch = LinkPatch(utm=None, expiry=None, pixel=None, tag_manager=None)
    assert patch.cleared() == PicseeAdapter.clearable
    await update(adapter_of(account), patch)
    assert body_of(account) == {"utm": None, "expireTime": None, "fbPixel": None, "gTag": None}


def test_nothing_to_change_is_no_call() -> None:
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
async def test_tags_are_changed_by_saying_them_all(
    add: tuple[str, ...], remove: tuple[str, ...], after: list[str]
) -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    link = next(link for link in SEEDED if link.tags == ["sale", "gifts"] and link.is_api and not link.is_star)
    await update(adapter, LinkPatch(add_tags=add, remove_tags=remove), link.encode_id)
    search, edit = account.calls
    assert (search.path, json.loads(search.body)) == ("/v2/links/overview", {"encodeId": link.encode_id})
    assert json.loads(edit.body) == {"tags": after}
    assert (await links_of(adapter, [link.encode_id], SHOWN))[link.encode_id].tags == tuple(after)


async def test_tags_are_looked_for_in_each_list() -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    await update(adapter, LinkPatch(remove_tags=tuple(LAST.tags)), LAST.encode_id)
    assert [call.path for call in account.calls] == ["/v2/links/overview"] * 4 + [f"/v2/links/{LAST.encode_id}"]
    assert (await links_of(adapter, [LAST.encode_id], SHOWN))[LAST.encode_id].tags == ()


async def test_tags_of_a_link_that_does_not_exist_are_not_written() -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError):
        await update(adapter_of(account), LinkPatch(add_tags=("new",)), "nothing")
    assert edits(account) == []


async def test_tags_of_a_link_that_is_not_listed_yet_are_not_overwritten() -> None:
    # Whatever PicSee's search gives that is another link is not taken for this one.
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


async def test_a_search_that_fails_changes_nothing() -> None:
    asked: list[str] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        return httpx2.Response(503, stream=httpx2.ByteStream(b""), request=request)

    adapter = over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    with pytest.raises(UnavailableError):
        await update(adapter, LinkPatch(add_tags=("new",), title="New title"))
    assert asked == ["/v2/links/overview"]


@pytest.mark.parametrize("patch", [LinkPatch(title="New title"), LinkPatch(add_tags=("new",))])
async def test_editing_needs_the_advanced_plan(patch: LinkPatch) -> None:
    account = bench("picsee", sandbox_account=1)
    with pytest.raises(PlanRequiredError) as caught:
        await update(adapter_of(account), patch)
    assert caught.value.provider_code == "PUB00201"
    assert len(account.calls) == 1


@pytest.mark.parametrize("device_targets", [(), (DeviceTarget(Platform.MAC, "https://mac.example.com/"),)])
async def test_targets_are_replaced_as_a_whole(device_targets: tuple[DeviceTarget, ...]) -> None:
    account = bench("picsee")
    await update(adapter_of(account), LinkPatch(device_targets=device_targets))
    expected = [{"target": "mac", "url": "https://mac.example.com/"}] if device_targets else []
    assert body_of(account) == {"targets": expected}


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        (LinkPatch(expiry=Expiry()), ("expiry", "at")),
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
def test_what_picsee_has_no_words_for_is_objected_to(patch: LinkPatch, path: tuple[str, ...]) -> None:
    assert [objection.path for objection in adapter_of(bench("picsee")).object_to_patch(patch)] == [path]


def test_clearing_is_not_objected_to() -> None:
    assert adapter_of(bench("picsee")).object_to_patch(LinkPatch(expiry=None, utm=None)) == ()
    assert adapter_of(bench("picsee")).object_to_patch(LinkPatch(title="One", preview=Preview(title="One"))) == ()


def test_an_expiry_without_a_day_never_clears_one() -> None:
    assert edit_body(LinkPatch(expiry=Expiry()), None) == {}


def test_an_objection_says_what_is_allowed() -> None:
    patch = LinkPatch(expiry=Expiry(after_clicks=5))
    assert adapter_of(bench("picsee")).object_to_patch(patch) == (
        Objection(("expiry", "after_clicks"), "PicSee knows expiry at a time only; allowed: at"),
    )


@pytest.mark.parametrize(
    ("patch", "kind", "expected"),
    [
        (LinkPatch(slug=SEEDED[1].encode_id), ConflictError, ("PUB00503", "slug")),
        (LinkPatch(destination="https://www.example.org/"), RejectedError, ("PUB00510", "destination")),
        (LinkPatch(expiry=Expiry(date(2026, 11, 19))), RejectedError, ("PUB00509", "expiry")),
        (LinkPatch(preview=Preview(image_url="x")), RejectedError, ("PUB00512", "preview")),
        (LinkPatch(title="x"), RejectedError, ("PUB00002", None)),
    ],
)
async def test_refusals_name_the_field(
    patch: LinkPatch, kind: type[Exception], expected: tuple[str, str | None]
) -> None:
    account = bench("picsee")
    with pytest.raises(kind) as caught:
        await update(adapter_of(account), patch)
    assert isinstance(caught.value, ConflictError | RejectedError)
    assert (caught.value.provider_code, caught.value.field) == expected
    assert len(account.calls) == 1


async def test_today_ends_in_taipei() -> None:
    account = bench("picsee")
    await update(adapter_of(account), LinkPatch(expiry=Expiry(date(2026, 11, 20))))
    account.clock.advance(5.5 * 3600)
    with pytest.raises(RejectedError):
        await update(adapter_of(account), LinkPatch(expiry=Expiry(date(2026, 11, 20))))


@pytest.mark.parametrize(("handle", "calls"), [("nothing", 1), ("..", 0), ("", 0)])
async def test_what_does_not_exist_cannot_be_changed(handle: str, calls: int) -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError):
        await update(adapter_of(account), LinkPatch(title="New title"), handle)
    assert len(account.calls) == calls


async def test_a_slug_is_one_segment_of_the_path() -> None:
    asked: list[Mapping[str, object]] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append({"path": request.url.raw_path.decode(), "body": json.loads(request.content)})
        body = b'{"data": {"result": "success"}, "meta": {}}'
        return httpx2.Response(200, stream=httpx2.ByteStream(body), request=request)

    adapter = over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    assert await update(adapter, LinkPatch(slug="夏季"), "春季/x") == "夏季"
    assert asked == [{"path": "/v2/links/%E6%98%A5%E5%AD%A3%2Fx", "body": {"encodeId": "夏季"}}]
