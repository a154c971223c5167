"""Rebrandly keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.rebrandly import PROVIDER
from linkweave.testing.contract import (
    CreateLinksContract,
    DeleteLinksContract,
    FieldExample,
    GetLinksContract,
    ListDomainsContract,
    ListLinksContract,
    ListTagsContract,
    ReadStatsContract,
    ReceiveWebhooksContract,
    ReportUsageContract,
    UpdateLinksContract,
    WriteTagsContract,
)

CUSTOM = "go.rebrandly-demo.example"


class TestRebrandly(
    ListLinksContract,
    GetLinksContract,
    ReadStatsContract,
    ListTagsContract,
    ListDomainsContract,
    ReportUsageContract,
    CreateLinksContract,
    UpdateLinksContract,
    DeleteLinksContract,
    WriteTagsContract,
    ReceiveWebhooksContract,
):
    provider = PROVIDER
    clicked_slug = "r00y24"
    click: ClassVar = {"country": "BR", "device": "smartphone", "referrer": "http://m.facebook.com/"}
    create_examples: ClassVar = {"domain": FieldExample({"domain": CUSTOM}, {"domain": {"name": CUSTOM}})}
