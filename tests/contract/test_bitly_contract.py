"""Bitly keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.bitly import PROVIDER
from linkweave.providers.bitly.emulator.seed import CUSTOM_DOMAIN
from linkweave.testing.contract import (
    CreateLinksContract,
    DeleteLinksContract,
    FieldExample,
    GetLinksContract,
    ListDomainsContract,
    ListLinksContract,
    ListTagsContract,
    ReadManyStatsContract,
    ReceiveWebhooksContract,
    ReportUsageContract,
    UpdateBatchContract,
    WriteTagsContract,
)

EXPIRY = {
    "at": "2027-01-31",
    "afterClicks": None,
    "countUniqueOnly": None,
    "redirectTo": None,
    "redirectToAfterClicks": None,
}


class TestBitly(
    ListLinksContract,
    GetLinksContract,
    ReadManyStatsContract,
    ListTagsContract,
    ListDomainsContract,
    ReportUsageContract,
    CreateLinksContract,
    UpdateBatchContract,
    DeleteLinksContract,
    WriteTagsContract,
    ReceiveWebhooksContract,
):
    provider = PROVIDER
    clicked_slug = "4b01f43"
    click: ClassVar = {"country": "US", "device": "Desktop", "referrer": None}
    updates_together = "archived"
    create_examples: ClassVar = {
        "domain": FieldExample({"domain": CUSTOM_DOMAIN}, {"domain": {"name": CUSTOM_DOMAIN}}),
        "expiry": FieldExample({"expiry": {"at": "2027-01-31"}}, {"expiry": EXPIRY}),
    }
    update_examples: ClassVar = {"expiry": FieldExample({"expiry": {"at": "2027-01-31"}}, {"expiry": EXPIRY})}
