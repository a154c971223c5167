"""Cutt.ly: changes that it has no words for, changes that it refuses, and answers to changes of every shape."""

from datetime import date

import pytest

from harness.cuttly_vendor import SPRING_SALE, Vendor, adapter_for, change, vendor
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    NotFoundError,
    PlanRequiredError,
    RejectedError,
    VendorError,
)
from linkweave.models import DeviceTarget, Expiry, Platform, Variant
from linkweave.models.changes import InputProblem, LinkPatch
from linkweave.providers.cuttly.emulator import SINGLE_KEY

B, C = "https://b.example.com/?a=1&b=2", "https://c.example.com"
CHRISTMAS = date(2026, 12, 24)
TARGET = DeviceTarget(Platform.IOS, B)


@pytest.mark.parametrize(
    ("patch", "path", "words"),
    [
        (LinkPatch(add_tags=("a", "b")), ("add_tags",), "no more than one"),
        (
            LinkPatch(device_targets=(TARGET, DeviceTarget(Platform.DESKTOP, B))),
            ("device_targets", "1", "platform"),
            "does not know DESKTOP; allowed: ANDROID, IOS, WINDOWS_MOBILE, ALL_MOBILE",
        ),
        (LinkPatch(device_targets=(TARGET, TARGET)), ("device_targets", "1", "platform"), "IOS is here twice"),
        (LinkPatch(variants=(Variant(B, 1), Variant(B, 1), Variant(C, 1))), ("variants",), "at most 2"),
        (LinkPatch(expiry=Expiry(redirect_to=C)), ("expiry",), "either a day (at) or a number of clicks"),
        (LinkPatch(expiry=Expiry(CHRISTMAS, 5, redirect_to=C)), ("expiry",), "one of them"),
        (LinkPatch(expiry=Expiry(after_clicks=0, redirect_to=C)), ("expiry", "after_clicks"), "make expiry null"),
        (
            LinkPatch(expiry=Expiry(CHRISTMAS, redirect_to_after_clicks=C)),
            ("expiry", "redirect_to_after_clicks"),
            "say it in redirectTo",
        ),
        (
            LinkPatch(expiry=Expiry(after_clicks=5, redirect_to=B, redirect_to_after_clicks=C)),
            ("expiry", "redirect_to_after_clicks"),
            "one place to lead to",
        ),
        (LinkPatch(expiry=Expiry(after_clicks=5)), ("expiry", "redirect_to"), "needs to know where"),
    ],
)
def test_what_has_no_words_there_is_objected_to(patch: LinkPatch, path: tuple[str, ...], words: str) -> None:
    (objection,) = adapter_for(200, b"").check_patch(patch)
    assert isinstance(objection, InputProblem)
    assert objection.path == path
    assert words in objection.message


async def refusal(account: Vendor, patch: LinkPatch, handle: str = SPRING_SALE) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await change(account, patch, handle)
    assert caught.value.operation == "update link"
    return caught.value


@pytest.mark.parametrize(
    ("patch", "kind", "field", "code"),
    [
        (LinkPatch(slug="lookbook"), ConflictError, "slug", "Provided alias is unavailable"),
        (LinkPatch(slug="a b"), RejectedError, "slug", "Provided alias contains illegal characters"),
        (LinkPatch(destination="example"), RejectedError, "destination", "4"),
        (LinkPatch(device_targets=(DeviceTarget(Platform.IOS, "x"),)), RejectedError, "device_targets", "4"),
        (
            LinkPatch(unique_window_minutes=14),
            RejectedError,
            "unique_window_minutes",
            "Unique time must be between 15 - 1440 minutes",
        ),
        (LinkPatch(variants=(Variant(B, 60), Variant(C, 41))), RejectedError, None, "2"),
        (LinkPatch(expiry=Expiry(after_clicks=-1, redirect_to=C)), RejectedError, None, "2"),
    ],
)
async def test_each_refusal_names_the_field_it_is_about(
    patch: LinkPatch, kind: type[VendorError], field: str | None, code: str
) -> None:
    account = vendor()
    error = await refusal(account, patch)
    assert type(error) is kind
    assert (error.field, error.provider_code) == (field, code)
    assert len(account.calls) == 1


async def test_windows_of_uniqueness_need_a_team_subscription() -> None:
    account = vendor(SINGLE_KEY)
    await change(account, LinkPatch(unique_window_minutes=1))
    error = await refusal(account, LinkPatch(unique_window_minutes=30))
    assert isinstance(error, PlanRequiredError)
    assert account.link().unique_minutes == 1


@pytest.mark.parametrize(("handle", "calls"), [("cutt.ly/nobody-has-this", 1), ("no handle", 0)])
async def test_an_unknown_link_is_not_found(handle: str, calls: int) -> None:
    account = vendor()
    assert isinstance(await refusal(account, LinkPatch(title="x"), handle), NotFoundError)
    assert len(account.calls) == calls
    with pytest.raises(NotFoundError):
        await account.adapter.delete_link(handle)
    assert len(account.calls) == 2 * calls


async def test_a_mobile_that_fails_stops_those_after_it() -> None:
    account = vendor()
    targets = (TARGET, DeviceTarget(Platform.ANDROID, "x"))
    await refusal(account, LinkPatch(device_targets=targets))
    assert account.link().mobile == {"ios": B}
    assert len(account.calls) == 2


@pytest.mark.parametrize("body", [b'{"status": 1}', b'{"status": "1"}', b'{"url": {"status": 1}}'])
async def test_a_status_of_1_is_a_yes_however_it_comes(body: bytes) -> None:
    await adapter_for(200, body).delete_link(SPRING_SALE)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b'{"status": 2}', RejectedError, "2"),
        (b'{"url": {"status": "2"}}', RejectedError, "2"),
        (b'{"status": 3}', NotFoundError, "3"),
        (b'{"url": {"status": 4}}', RejectedError, "4"),
        (b'"Insufficient subscription level"', PlanRequiredError, "Insufficient subscription level"),
        (b'{"code": 409, "error": "Provided alias is unavailable"}', ConflictError, "Provided alias is unavailable"),
    ],
)
async def test_every_documented_no_is_certain(body: bytes, kind: type[VendorError], code: str) -> None:
    with pytest.raises(VendorError) as caught:
        await adapter_for(200, body).delete_link(SPRING_SALE)
    assert type(caught.value) is kind
    assert caught.value.provider_code == code


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"OK"', b"{}", b'{"status": 7}', b'{"status": true}', b'{"status": [1]}']
)
async def test_any_other_answer_leaves_it_open_whether_it_happened(body: bytes) -> None:
    with pytest.raises(AmbiguousError):
        await adapter_for(200, body).delete_link(SPRING_SALE)
