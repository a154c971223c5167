"""ShortenWorld: changes as six calls in a fixed order, and values that it has no words for."""

from datetime import date
from typing import Any

import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import (
    EXPIRATION,
    LOGIN,
    MOBILE,
    PASSWORD,
    REDIRECT,
    SHOWN,
    TESTING,
    UPDATE,
    Vendor,
    account_of,
    adapter_answering,
    adapter_of,
    read_link,
    refused,
    update,
    writes_seen,
)
from linkweave.errors import NotFoundError
from linkweave.models import DeviceTarget, Expiry, Platform, Utm, Variant
from linkweave.models.changes import LinkPatch
from linkweave.providers.shortenworld import PROVIDER
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter

ELSEWHERE = "https://www.example.com/elsewhere"
IOS = DeviceTarget(Platform.IOS, "https://apps.example.com/ios")
ANDROID = DeviceTarget(Platform.ANDROID, "https://apps.example.com/android")
WINDOWS = DeviceTarget(Platform.WINDOWS_MOBILE, "https://apps.example.com/windows")
OTHER = DeviceTarget(Platform.OTHER_MOBILE, "https://apps.example.com/other")
UTM = Utm("newsletter", "email", "spring", "shoes", "top")
A, B, C = (Variant(f"https://{letter}.example/", share) for letter, share in (("a", 60), ("b", 40), ("c", 5)))
EXPIRY = Expiry(
    at=date(2026, 12, 31),
    after_clicks=500,
    count_unique_only=True,
    redirect_to="https://www.example.com/over",
    redirect_to_after_clicks="https://www.example.com/sold-out",
)

# Fields of a patch, and the call that carries them: path and body, less the link's id.
SENT: list[tuple[dict[str, Any], str, dict[str, object]]] = [
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
        {"variants": (A, B)},
        TESTING,
        {"testing": [{"link": A.destination, "percentage": 60}, {"link": B.destination, "percentage": 40}]},
    ),
]


@pytest.mark.parametrize(("changes", "path", "body"), SENT)
async def test_a_change_is_one_call_with_the_given_fields_only(
    changes: dict[str, Any], path: str, body: dict[str, object]
) -> None:
    it = bench("shortenworld")
    adapter, patch = adapter_of(it), LinkPatch(**changes)
    assert adapter.check_patch(patch) == ()
    assert await update(adapter, SHOWN, patch) == [frozenset(changes)]
    assert writes_seen(it) == [("PUT", path, {}, {"linkId": SHOWN, **body})]
    assert [call.path for call in it.calls] == [LOGIN, path]
    with pytest.raises(NotFoundError):
        await update(adapter, "nobody", patch)
    assert [call.path for call in it.calls] == [LOGIN, path, path]


async def test_many_changes_are_six_calls_in_a_fixed_order_and_listed_later() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    before = await read_link(adapter, SHOWN)
    patch = LinkPatch(
        variants=(B,),
        password="correct-horse",
        expiry=EXPIRY,
        device_targets=(WINDOWS, IOS),
        utm=UTM,
        unique_window_minutes=60,
        destination=ELSEWHERE,
        archived=True,
        add_tags=("vip", before.tags[0]),
        slug="all-at-once",
        title="All at once",
    )
    it.calls.clear()
    assert await update(adapter, SHOWN, patch) == [
        {"title", "slug", "add_tags", "archived"},
        {"destination", "unique_window_minutes", "utm"},
        {"device_targets"},
        {"expiry"},
        {"password"},
        {"variants"},
    ]
    assert [call.path for call in it.calls] == [UPDATE, REDIRECT, MOBILE, EXPIRATION, PASSWORD, TESTING]
    assert patch.given() == ShortenWorldAdapter.updatable
    after = await read_link(adapter, SHOWN)
    assert after.short_url == f"https://{before.domain}/all-at-once"
    assert after.tags == (*before.tags, "vip")
    assert after.device_targets == (IOS, WINDOWS)
    assert after.variants == (Variant(ELSEWHERE, 60), B)


@pytest.mark.parametrize(("patch", "steps"), [(LinkPatch(), []), (LinkPatch(add_tags=()), [{"add_tags"}])])
async def test_a_patch_without_changes_is_no_call(patch: LinkPatch, steps: list[set[str]]) -> None:
    it = bench("shortenworld")
    assert await update(adapter_of(it), SHOWN, patch) == steps
    assert it.calls == []


async def test_the_destination_is_read_and_sent_as_the_first_of_the_variants() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    destination = (await read_link(adapter, SHOWN)).destination
    await update(adapter, SHOWN, LinkPatch(variants=(B, C)))
    ((_, _, _, body),) = writes_seen(it)
    shares = {destination: 55, B.destination: 40, C.destination: 5}
    assert body == {
        "linkId": SHOWN,
        "testing": [{"link": link, "percentage": share} for link, share in shares.items()],
    }


async def test_variants_of_a_link_that_is_not_found_are_not_written() -> None:
    it = bench("shortenworld")
    with pytest.raises(NotFoundError, match="is not found") as failure:
        await update(adapter_of(it), "nobody", LinkPatch(variants=(B,)))
    assert failure.value.operation == "set a link's variants"
    assert writes_seen(it) == []


@pytest.mark.parametrize("words", ["correct-horse is too short", "Code correct-horse already exists", ""])
@pytest.mark.parametrize("http", [200, 400, 403, 429])
async def test_a_password_that_the_vendor_repeats_is_neither_shown_nor_kept(words: str, http: int) -> None:
    account = account_of(Vendor({PASSWORD: refused(9, words, http=http)}))
    with pytest.raises(Exception, match="set a link's password") as refusal:
        await update(adapter_of(account), SHOWN, LinkPatch(password="correct-horse"))
    assert "correct-horse" not in str(refusal.value)
    assert "correct-horse" not in str(account.health.last_error)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"device_targets": ()}, ("device_targets",)),
        ({"variants": ()}, ("variants",)),
        ({"utm": Utm()}, ("utm",)),
        ({"expiry": Expiry()}, ("expiry",)),
        ({"password": ""}, ("password",)),
        ({"add_tags": ("fine", "a,b")}, ("add_tags", "1")),
        ({"add_tags": (" ",)}, ("add_tags", "0")),
        ({"device_targets": (IOS, DeviceTarget(Platform.DESKTOP, ELSEWHERE))}, ("device_targets", "1", "platform")),
        ({"device_targets": (IOS, ANDROID, IOS)}, ("device_targets", "2", "platform")),
    ],
)
def test_a_value_that_cannot_be_sent_is_an_input_problem_at_its_path(
    changes: dict[str, Any], path: tuple[str, ...]
) -> None:
    assert [each.path for each in adapter_answering({}).check_patch(LinkPatch(**changes))] == [path]


def test_an_input_problem_to_a_platform_lists_the_allowed_ones() -> None:
    patch = LinkPatch(device_targets=(DeviceTarget(Platform.FACEBOOK, ELSEWHERE),))
    (problem,) = adapter_answering({}).check_patch(patch)
    assert problem.message == (
        "the provider does not know FACEBOOK; allowed: IOS, ANDROID, WINDOWS_MOBILE, OTHER_MOBILE"
    )


def test_only_fields_with_a_call_are_writable() -> None:
    created = {"destination", "domain", "team", "campaign", "fetch_title", "utm"}
    updated = {name for changes, _, _ in SENT for name in changes}
    assert ShortenWorldAdapter.creatable == created
    assert PROVIDER.writable_fields == created | updated
    assert ShortenWorldAdapter.clearable == {"unique_window_minutes"}
