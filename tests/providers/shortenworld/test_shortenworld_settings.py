"""Settings of links as ShortenWorld's list may tell them: keys and shapes are guesses."""

from datetime import date

import pytest

from harness.shortenworld_vendor import LINKS, Vendor, account_of, adapter_of, good, link_row
from harness.shortenworld_writing import read_link
from linkweave.models import DeviceTarget, Expiry, Platform, Utm, Variant

# What a row of the list says of the settings → what is read off it: field of Link, value.
OLD, NEW = "https://www.example.com/", "https://b.example/"
ROWS: list[tuple[dict[str, object], str, object]] = [
    ({}, "expiry", None),
    ({"expiration": {}}, "expiry", None),
    ({"expiration": None}, "expiry", None),
    ({"expiration": {"date": "", "click": 0, "clickType": 0, "destinationByDate": ""}}, "expiry", None),
    ({"expiration": {"date": "31/12/2026"}}, "expiry", Expiry(at=date(2026, 12, 31))),
    ({"expiration": {"click": "7", "clickType": "1"}}, "expiry", Expiry(after_clicks=7, count_unique_only=True)),
    ({"expiration": {"click": 7, "clickType": 0}}, "expiry", Expiry(after_clicks=7, count_unique_only=False)),
    ({"expiration": {"click": 7}}, "expiry", Expiry(after_clicks=7)),
    ({"expiration": {"date": "2026-12-31"}}, "expiry", None),
    ({"expiration": {"date": 5}}, "expiry", None),
    ({"expiration": {"date": []}}, "expiry", None),
    ({"expiration": {"click": -1}}, "expiry", None),
    ({"expiration": "never"}, "expiry", None),
    ({}, "device_targets", None),
    ({"redirectMobile": {}}, "device_targets", ()),
    (
        {"redirectMobile": {"ios": "", "android": None, "mobile": NEW}},
        "device_targets",
        (DeviceTarget(Platform.OTHER_MOBILE, NEW),),
    ),
    ({"redirectMobile": {"ios": ["x"]}}, "device_targets", None),
    ({"redirectMobile": True}, "device_targets", None),
    ({}, "variants", None),
    ({"testing": []}, "variants", ()),
    ({"testing": None}, "variants", None),
    ({"testing": [{"link": NEW, "percentage": 40}]}, "variants", (Variant(OLD, 60), Variant(NEW, 40))),
    (
        {"testing": [{"link": NEW, "percentage": 40}, {"link": OLD, "percentage": 60}]},
        "variants",
        (Variant(OLD, 60), Variant(NEW, 40)),
    ),
    ({"testing": [{"link": NEW, "percentage": 100}]}, "variants", (Variant(NEW, 100),)),
    ({"testing": [{"link": NEW}]}, "variants", None),
    ({"testing": [{"link": NEW, "percentage": "many"}]}, "variants", None),
    ({"testing": {"link": NEW}}, "variants", None),
    ({}, "password_protected", None),
    ({"hasPassword": True}, "password_protected", True),
    ({"hasPassword": False}, "password_protected", False),
    ({"hasPassword": {"a": 1}}, "password_protected", None),
    ({}, "unique_window_minutes", None),
    ({"clickType": 0, "uniqueTime": 15}, "unique_window_minutes", 0),
    ({"clickType": "1", "uniqueTime": "15"}, "unique_window_minutes", 15),
    ({"clickType": 1}, "unique_window_minutes", None),
    ({"clickType": 7, "uniqueTime": 15}, "unique_window_minutes", None),
    ({"clickType": [], "uniqueTime": {}}, "unique_window_minutes", None),
    ({}, "utm", None),
    ({"utmSource": None, "utmMedium": ""}, "utm", Utm()),
    ({"utmSource": "a", "utmMedium": "b", "utmCampaign": "c", "utmTerm": "d", "utmContent": "e"}, "utm", Utm(*"abcde")),
    ({"utmSource": ["a"], "utmTerm": "d"}, "utm", Utm(term="d")),
]


@pytest.mark.parametrize(("told", "field", "read"), ROWS)
async def test_settings_in_the_list_are_read_where_they_are_understood(
    told: dict[str, object],
    field: str,
    read: object,
) -> None:
    adapter = adapter_of(account_of(Vendor({LINKS: good(links=[link_row(1, **told)])})))

    assert getattr(await read_link(adapter, "id-1"), field) == read
