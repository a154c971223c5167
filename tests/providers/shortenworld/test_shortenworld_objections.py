"""What ShortenWorld cannot be told, refused before any call."""

from typing import Any

import pytest

from harness.shortenworld_vendor import Vendor, account_of, adapter_of
from linkweave.models import DeviceTarget, Expiry, Platform, Utm
from linkweave.models.changes import LinkPatch
from linkweave.providers.shortenworld import PROVIDER
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter

ELSEWHERE = "https://www.example.com/elsewhere"
IOS = DeviceTarget(Platform.IOS, ELSEWHERE)
ANDROID = DeviceTarget(Platform.ANDROID, ELSEWHERE)


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
def test_what_cannot_be_said_is_objected_to_at_its_place(changes: dict[str, Any], path: tuple[str, ...]) -> None:
    (objection,) = adapter_of(account_of(Vendor({}))).check_patch(LinkPatch(**changes))

    assert objection.path == path


def test_an_objection_to_a_platform_says_which_there_are() -> None:
    patch = LinkPatch(device_targets=(DeviceTarget(Platform.FACEBOOK, ELSEWHERE),))

    (objection,) = adapter_of(account_of(Vendor({}))).check_patch(patch)

    assert objection.message == (
        "FACEBOOK cannot be told to ShortenWorld; allowed: IOS, ANDROID, WINDOWS_MOBILE, OTHER_MOBILE"
    )


def test_fields_without_a_call_are_not_promised() -> None:
    assert PROVIDER.writable_fields == {
        "destination",
        "domain",
        "team",
        "campaign",
        "fetch_title",
        "utm",
        "title",
        "slug",
        "add_tags",
        "archived",
        "unique_window_minutes",
        "device_targets",
        "expiry",
        "password",
        "variants",
    }
    assert ShortenWorldAdapter.creatable == {"destination", "domain", "team", "campaign", "fetch_title", "utm"}
