"""Dub keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.dub import PROVIDER
from linkweave.providers.dub.emulator.seed import SECOND_DOMAIN
from linkweave.testing.contract import (
    CreateBatchContract,
    DeleteBatchContract,
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
    "redirectTo": "https://www.example.com/over",
    "redirectToAfterClicks": None,
}
GIVEN_EXPIRY = {"at": "2027-01-31", "redirectTo": "https://www.example.com/over"}
UTM = {"source": "newsletter", "medium": "email", "campaign": "autumn", "term": "coat", "content": "top"}
IN_URL = "utm_source=newsletter&utm_medium=email&utm_campaign=autumn&utm_term=coat&utm_content=top"


class TestDub(
    ListLinksContract,
    GetLinksContract,
    ReadManyStatsContract,
    ListTagsContract,
    ListDomainsContract,
    ReportUsageContract,
    CreateBatchContract,
    UpdateBatchContract,
    DeleteBatchContract,
    WriteTagsContract,
    ReceiveWebhooksContract,
):
    provider = PROVIDER
    clicked_slug = "d00d17"
    click: ClassVar = {"country": "US", "device": "Desktop", "referrer": None}
    updates_alike = True
    create_examples: ClassVar = {
        "domain": FieldExample({"domain": SECOND_DOMAIN}, {"domain": {"name": SECOND_DOMAIN}}),
        "expiry": FieldExample({"expiry": GIVEN_EXPIRY}, {"expiry": EXPIRY}),
        "utm": FieldExample({"utm": UTM}, {"utm": UTM, "destination": f"https://www.example.com/new?{IN_URL}"}),
    }
    update_examples: ClassVar = {
        "expiry": FieldExample({"expiry": GIVEN_EXPIRY}, {"expiry": EXPIRY}),
        "utm": FieldExample({"utm": UTM}, {"utm": UTM, "destination": f"https://www.example.com/new?{IN_URL}"}),
    }
    shown_together: ClassVar = {"destination": f"https://www.example.com/autumn?ref=contract&{IN_URL}"}
