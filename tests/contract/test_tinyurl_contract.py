"""TinyURL keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.tinyurl import PROVIDER
from linkweave.testing.contract import (
    CreateBatchContract,
    DeleteBatchContract,
    FieldExample,
    GetLinksContract,
    ListLinksContract,
    ListTagsContract,
    ReadStatsContract,
    UpdateBatchContract,
)

BRANDED = "go.tinyurl-demo.example"
EXPIRY = {
    "at": "2027-01-31",
    "afterClicks": None,
    "countUniqueOnly": None,
    "redirectTo": None,
    "redirectToAfterClicks": None,
}


class TestTinyUrl(
    ListLinksContract,
    GetLinksContract,
    ReadStatsContract,
    ListTagsContract,
    CreateBatchContract,
    UpdateBatchContract,
    DeleteBatchContract,
):
    provider = PROVIDER
    create_examples: ClassVar = {
        "domain": FieldExample({"domain": BRANDED}, {"domain": {"name": BRANDED}}),
        "expiry": FieldExample({"expiry": {"at": "2027-01-31"}}, {"expiry": EXPIRY}),
    }
    update_examples: ClassVar = {"expiry": FieldExample({"expiry": {"at": "2027-01-31"}}, {"expiry": EXPIRY})}
