"""Short.io keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.shortio import PROVIDER
from linkweave.providers.shortio.emulator.seed import SECOND_DOMAIN
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
    UpdateBatchContract,
    WriteTagsContract,
    shown,
)

VARIANTS = shown(variants=[{"destination": "https://www.example.com/b", "percentage": 30}])


class TestShortio(
    ListLinksContract,
    GetLinksContract,
    ReadManyStatsContract,
    ListTagsContract,
    ListDomainsContract,
    CreateBatchContract,
    UpdateBatchContract,
    DeleteBatchContract,
    WriteTagsContract,
    ReceiveWebhooksContract,
):
    provider = PROVIDER
    updates_together = "archived"
    clicked_slug = "s00k16"
    click: ClassVar = {"country": "FR", "device": None, "referrer": "https://t.co/abc"}
    create_examples: ClassVar = {
        "domain": FieldExample({"domain": SECOND_DOMAIN}, {"domain": {"name": SECOND_DOMAIN}}),
        "variants": VARIANTS,
    }
    update_examples: ClassVar = {"variants": VARIANTS}
