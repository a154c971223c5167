"""Shlink keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.shlink import PROVIDER
from linkweave.testing.contract import (
    CreateLinksContract,
    DeleteLinksContract,
    FieldExample,
    GetLinksContract,
    ListDomainsContract,
    ListLinksContract,
    ListTagsContract,
    ReadStatsContract,
    UpdateLinksContract,
    WriteTagsContract,
)

CUSTOM = "s.shlink-demo.example"


class TestShlink(
    ListLinksContract,
    GetLinksContract,
    ReadStatsContract,
    ListTagsContract,
    ListDomainsContract,
    CreateLinksContract,
    UpdateLinksContract,
    DeleteLinksContract,
    WriteTagsContract,
):
    provider = PROVIDER
    create_examples: ClassVar = {"domain": FieldExample({"domain": CUSTOM}, {"domain": {"name": CUSTOM}})}
