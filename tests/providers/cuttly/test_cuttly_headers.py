"""Cutt.ly: links with a header for Indian SMS, from GraphQL to the emulator."""

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import UPDATE, created, link_by_id
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN
from linkweave.testing.virtual_time import in_virtual_time


@pytest.mark.parametrize("domain", ["2s.ms", DEMO_DOMAIN])
@in_virtual_time
async def test_a_renamed_link_keeps_its_header_and_is_found_again(domain: str) -> None:
    gateway = open_gateway()
    link = (await created(gateway, "cuttly", slug="our-sale", domain=domain, smsHeader="MYBRND"))["link"]
    assert link["shortUrl"] == f"https://{domain}/our-sale/MYBRND"
    payload = await gateway.payload(UPDATE, input={"id": link["id"], "slug": "new-sale"})
    assert payload["errors"] == []
    assert payload["link"]["shortUrl"] == f"https://{domain}/new-sale/MYBRND"
    assert (await link_by_id(gateway, payload["link"]["id"]))["shortUrl"] == f"https://{domain}/new-sale/MYBRND"
    assert await link_by_id(gateway, link["id"]) is None
