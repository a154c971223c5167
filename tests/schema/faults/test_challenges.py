"""A challenge of the network before a vendor is not the vendor's answer: it saw no key, and nothing was made."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import CREATE, new_link, only_error
from linkweave.testing.virtual_time import in_virtual_time

PAGE = b"<!DOCTYPE html><title>Just a moment...</title>"
ACCOUNTS = ("picsee-main", "tinycc", "shortenworld", "cuttly")


@dataclass(frozen=True)
class Challenging(httpx2.AsyncBaseTransport):
    """A network that answers every call in place of the vendor."""

    status: int
    headers: Mapping[str, str]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(self.status, headers=self.headers, stream=httpx2.ByteStream(PAGE), request=request)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"cf-mitigated": "challenge", "server": "cloudflare"}),
        (503, {"cf-mitigated": "challenge"}),
        (403, {"server": "cloudflare"}),
    ],
)
@pytest.mark.parametrize("account", ACCOUNTS)
@in_virtual_time
async def test_a_challenge_is_unavailable_and_a_write_was_certainly_not_made(
    account: str, status: int, headers: dict[str, str]
) -> None:
    gateway = open_gateway(around=lambda _wire: Challenging(status, headers))
    error = only_error(await gateway.payload(CREATE, input=new_link(account)))
    assert (error["code"], error["providerCode"]) == ("UNAVAILABLE", None)
    assert "challenge" in error["message"]


@pytest.mark.parametrize(("status", "code"), [(403, "FORBIDDEN"), (503, "AMBIGUOUS")])
@in_virtual_time
async def test_a_page_of_the_vendor_is_no_challenge(status: int, code: str) -> None:
    gateway = open_gateway(around=lambda _wire: Challenging(status, {"server": "nginx"}))
    assert only_error(await gateway.payload(CREATE, input=new_link("picsee-main")))["code"] == code
