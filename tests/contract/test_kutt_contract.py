"""Kutt keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.kutt import PROVIDER
from linkweave.testing.contract import (
    CreateLinksContract,
    DeleteLinksContract,
    FieldExample,
    GetLinksContract,
    ListDomainsContract,
    ListLinksContract,
    ReadStatsContract,
    UpdateLinksContract,
)

CUSTOM = "go.kutt-demo.example"
DAY = {"at": "2027-01-31"}
UNKNOWN = dict.fromkeys(("afterClicks", "countUniqueOnly", "redirectTo", "redirectToAfterClicks"))
EXPIRY = FieldExample({"expiry": DAY}, {"expiry": {**DAY, **UNKNOWN}})


class TestKutt(
    ListLinksContract,
    GetLinksContract,
    ReadStatsContract,
    ListDomainsContract,
    CreateLinksContract,
    UpdateLinksContract,
    DeleteLinksContract,
):
    provider = PROVIDER
    create_examples: ClassVar = {
        "domain": FieldExample({"domain": CUSTOM}, {"domain": {"name": CUSTOM}}),
        "expiry": EXPIRY,
    }
    update_examples: ClassVar = {"expiry": EXPIRY}
    clear_examples: ClassVar = {"password": FieldExample({"password": None}, {"passwordProtected": False})}
