"""Links changed at ShortenWorld: six calls in a fixed order, each read back through the list."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import LOGIN, Vendor, account_of, adapter_of, refused
from harness.shortenworld_writing import (
    EXPIRATION,
    MOBILE,
    PASSWORD,
    REDIRECT,
    SHOWN,
    TESTING,
    UPDATE,
    all_links,
    read_link,
    update,
    writes_seen,
)
from linkweave.errors import ConflictError, NotFoundError, RejectedError
from linkweave.models import DeviceTarget, Expiry, Platform, Utm, Variant
from linkweave.models.changes import LinkPatch
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter

ELSEWHERE = "https://www.example.com/elsewhere"
IOS = DeviceTarget(Platform.IOS, "https://apps.example.com/ios")
ANDROID = DeviceTarget(Platform.ANDROID, "https://apps.example.com/android")
WINDOWS = DeviceTarget(Platform.WINDOWS_MOBILE, "https://apps.example.com/windows")
OTHER = DeviceTarget(Platform.OTHER_MOBILE, "https://apps.example.com/other")
UTM = Utm("newsletter", "email", "spring", "shoes", "top")
EXPIRY = Expiry(
    at=date(2026, 12, 31),
    after_clicks=500,
    count_unique_only=True,
    redirect_to="https://www.example.com/over",
    redirect_to_after_clicks="https://www.example.com/sold-out",
)

# What a patch says → the call that says it: path and body, less the link's id.
SAID: list[tuple[dict[str, Any], str, dict[str, object]]] = [
    ({"title": "Changed – now"}, UPDATE, {"title": "Changed – now"}),
    ({"title": ""}, UPDATE, {"title": ""}),
    ({"slug": "spring-26"}, UPDATE, {"code": "spring-26"}),
    ({"add_tags": ("sale",)}, UPDATE, {"tags": "sale"}),
    ({"add_tags": ("sale", "spring 26")}, UPDATE, {"tags": "sale,spring 26"}),
    ({"archived": True}, UPDATE, {"hide": "on"}),
    ({"archived": False}, UPDATE, {"hide": "off"}),
    ({"destination": ELSEWHERE}, REDIRECT, {"destination": ELSEWHERE}),
    ({"unique_window_minutes": 0}, REDIRECT, {"clickType": 0}),
    ({"unique_window_minutes": None}, REDIRECT, {"clickType": 0}),
    ({"unique_window_minutes": 15}, REDIRECT, {"clickType": 1, "uniqueTime": 15}),
    (
        {"utm": UTM},
        REDIRECT,
        {
            "utmSource": "newsletter",
            "utmMedium": "email",
            "utmCampaign": "spring",
            "utmTerm": "shoes",
            "utmContent": "top",
        },
    ),
    ({"utm": Utm(term="shoes")}, REDIRECT, {"utmTerm": "shoes"}),
    ({"device_targets": (ANDROID,)}, MOBILE, {"android": ANDROID.destination}),
    (
        {"device_targets": (IOS, ANDROID, WINDOWS, OTHER)},
        MOBILE,
        {
            "ios": IOS.destination,
            "android": ANDROID.destination,
            "windows": WINDOWS.destination,
            "mobile": OTHER.destination,
        },
    ),
    ({"expiry": Expiry(at=date(2027, 2, 3))}, EXPIRATION, {"date": "03/02/2027"}),
    ({"expiry": Expiry(after_clicks=5, count_unique_only=False)}, EXPIRATION, {"click": 5, "clickType": 0}),
    ({"expiry": Expiry(redirect_to=ELSEWHERE)}, EXPIRATION, {"destinationByDate": ELSEWHERE}),
    (
        {"expiry": EXPIRY},
        EXPIRATION,
        {
            "date": "31/12/2026",
            "destinationByDate": "https://www.example.com/over",
            "click": 500,
            "clickType": 1,
            "destinationByClick": "https://www.example.com/sold-out",
        },
    ),
    ({"password": "correct horse"}, PASSWORD, {"password": "correct horse"}),
    (
        {"variants": (Variant("https://a.example/", 60), Variant("https://b.example/", 40))},
        TESTING,
        {
            "testing": [
                {"link": "https://a.example/", "percentage": 60},
                {"link": "https://b.example/", "percentage": 40},
            ],
        },
    ),
]


@pytest.mark.parametrize(("changes", "path", "body"), SAID)
async def test_a_change_is_one_call_that_says_only_what_was_given(
    changes: dict[str, Any],
    path: str,
    body: dict[str, object],
) -> None:
    it = bench("shortenworld")

    done = await update(adapter_of(it.account), SHOWN, LinkPatch(**changes))

    assert done == [frozenset(changes)]
    assert writes_seen(it) == [("PUT", path, {}, {"linkId": SHOWN, **body})]
    assert [call.path for call in it.calls] == [LOGIN, path]


async def test_many_changes_are_six_calls_in_a_fixed_order_with_each_field_in_one() -> None:
    it = bench("shortenworld")
    patch = LinkPatch(
        variants=(Variant("https://b.example/", 40),),
        password="correct-horse",
        expiry=EXPIRY,
        device_targets=(IOS,),
        utm=UTM,
        unique_window_minutes=60,
        destination=ELSEWHERE,
        archived=True,
        add_tags=("vip",),
        slug="all-at-once",
        title="All at once",
    )

    done = await update(adapter_of(it.account), SHOWN, patch)

    assert done == [
        {"title", "slug", "add_tags", "archived"},
        {"destination", "unique_window_minutes", "utm"},
        {"device_targets"},
        {"expiry"},
        {"password"},
        {"variants"},
    ]
    paths = [UPDATE, REDIRECT, MOBILE, EXPIRATION, PASSWORD, TESTING]
    assert [path for _, path, _, _ in writes_seen(it)] == paths
    assert [call.path for call in it.calls] == [LOGIN, *paths]
    assert frozenset().union(*done) == patch.given() == ShortenWorldAdapter.updatable


async def test_all_that_was_changed_is_read_back() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    before = await read_link(adapter, SHOWN)
    patch = LinkPatch(
        title="All at once",
        slug="all-at-once",
        add_tags=("vip", before.tags[0]),
        archived=True,
        destination=ELSEWHERE,
        unique_window_minutes=60,
        utm=UTM,
        device_targets=(WINDOWS, IOS),
        expiry=EXPIRY,
        password="correct-horse",
        variants=(Variant("https://b.example/", 40),),
    )

    await update(adapter, SHOWN, patch)
    after = await read_link(adapter, SHOWN)

    assert (after.title, after.slug) == ("All at once", "all-at-once")
    assert after.short_url == f"https://{before.domain}/all-at-once"
    assert after.tags == (*before.tags, "vip")
    assert (after.archived, after.destination, after.unique_window_minutes) == (True, ELSEWHERE, 60)
    assert (after.utm, after.expiry, after.password_protected) == (UTM, EXPIRY, True)
    assert after.device_targets == (IOS, WINDOWS)
    assert after.variants == (Variant(ELSEWHERE, 60), Variant("https://b.example/", 40))
    assert len(await all_links(adapter)) == 64


async def test_what_a_change_leaves_out_stays_as_it_is() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    await update(adapter, SHOWN, LinkPatch(utm=UTM, device_targets=(IOS,), expiry=EXPIRY))

    later = LinkPatch(utm=Utm(term="boots"), device_targets=(ANDROID,), expiry=Expiry(after_clicks=9))
    await update(adapter, SHOWN, later)
    link = await read_link(adapter, SHOWN)

    assert link.utm == Utm("newsletter", "email", "spring", "boots", "top")
    assert link.device_targets == (IOS, ANDROID)
    assert link.expiry == replace(EXPIRY, after_clicks=9)


async def test_a_window_is_lifted_by_counting_every_click() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    await update(adapter, SHOWN, LinkPatch(unique_window_minutes=15))
    await update(adapter, SHOWN, LinkPatch(unique_window_minutes=None))

    assert (await read_link(adapter, SHOWN)).unique_window_minutes == 0
    assert ShortenWorldAdapter.clearable == {"unique_window_minutes"}


async def test_a_hidden_link_comes_back_out() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    await update(adapter, SHOWN, LinkPatch(archived=True))
    hidden = (await read_link(adapter, SHOWN)).archived

    await update(adapter, SHOWN, LinkPatch(archived=False))

    assert (hidden, (await read_link(adapter, SHOWN)).archived) == (True, False)


async def test_no_tags_to_add_are_no_call_and_count_as_done() -> None:
    it = bench("shortenworld")

    assert await update(adapter_of(it.account), SHOWN, LinkPatch(add_tags=())) == [{"add_tags"}]
    assert it.calls == []


async def test_nothing_to_change_are_no_steps() -> None:
    assert adapter_of(bench("shortenworld").account).plan_update(LinkPatch()) == ()


async def test_a_destination_that_is_not_changed_is_read_to_be_told_among_the_variants() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    destination = (await read_link(adapter, SHOWN)).destination

    await update(
        adapter, SHOWN, LinkPatch(variants=(Variant("https://b.example/", 30), Variant("https://c.example/", 5)))
    )

    ((_, _, _, body),) = writes_seen(it)
    assert body == {
        "linkId": SHOWN,
        "testing": [
            {"link": destination, "percentage": 65},
            {"link": "https://b.example/", "percentage": 30},
            {"link": "https://c.example/", "percentage": 5},
        ],
    }


async def test_variants_of_a_link_that_is_not_found_are_not_written() -> None:
    it = bench("shortenworld")

    with pytest.raises(NotFoundError, match="is not found") as failure:
        await update(adapter_of(it.account), "nobody", LinkPatch(variants=(Variant("https://b.example/", 30),)))

    assert failure.value.operation == "set a link's variants"
    assert writes_seen(it) == []


async def test_variants_of_more_than_everything_are_the_vendors_to_refuse() -> None:
    it = bench("shortenworld")
    variants = (Variant("https://b.example/", 90), Variant("https://c.example/", 20))

    with pytest.raises(RejectedError, match="must be 100 in all"):
        await update(adapter_of(it.account), SHOWN, LinkPatch(variants=variants))

    assert [path for _, path, _, _ in writes_seen(it)] == [TESTING]


async def test_a_taken_slug_is_a_conflict_at_the_slug_and_nothing_changes() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    first, second = [link for link in await all_links(adapter) if link.domain == "apac.swlink.example"][:2]

    with pytest.raises(ConflictError) as conflict:
        await update(adapter, first.handle, LinkPatch(slug=second.slug, title="Changed"))

    assert (conflict.value.field, conflict.value.provider_code) == ("slug", "5")
    assert (await read_link(adapter, first.handle)).title == first.title


async def test_a_slug_is_free_on_another_domain() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    links = await all_links(adapter)
    here = links[0]
    there = next(link for link in links if link.domain != here.domain)

    await update(adapter, here.handle, LinkPatch(slug=there.slug))

    assert (await read_link(adapter, here.handle)).slug == there.slug


@pytest.mark.parametrize(("changes", "path", "_body"), SAID)
async def test_a_link_that_is_gone_is_not_found(changes: dict[str, Any], path: str, _body: object) -> None:
    it = bench("shortenworld")

    with pytest.raises(NotFoundError):
        await update(adapter_of(it.account), "nobody", LinkPatch(**changes))

    assert [call.path for call in it.calls] == [LOGIN, path]


@pytest.mark.parametrize("words", ["correct-horse is too short", "Code correct-horse already exists", ""])
@pytest.mark.parametrize("http", [200, 400, 403, 429])
async def test_a_password_that_the_vendor_repeats_is_not_shown_nor_kept(words: str, http: int) -> None:
    vendor = Vendor({PASSWORD: refused(9, words, http=http)})
    account = account_of(vendor)

    with pytest.raises(Exception, match="set a link's password") as refusal:
        await update(adapter_of(account), SHOWN, LinkPatch(password="correct-horse"))

    assert "correct-horse" not in str(refusal.value)
    assert "correct-horse" not in str(account.health.last_error)
    assert vendor.paths == [LOGIN, PASSWORD]


@pytest.mark.parametrize(("changes", "_path", "_body"), SAID)
def test_what_can_be_said_is_not_objected_to(changes: dict[str, Any], _path: object, _body: object) -> None:
    assert adapter_of(account_of(Vendor({}))).check_patch(LinkPatch(**changes)) == ()
