"""Vendors behind TLS: a vendor whose certificate is not trusted receives nothing, and the error says why."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.certificates import ELSEWHERE, LOOPBACK, TlsServer, tls_server
from harness.wires import READ, SECRET, everything_shown_of
from linkweave.app import build_app
from linkweave.clock import SystemClock
from linkweave.errors import UnavailableError
from linkweave.settings import NetworkSettings, from_table
from linkweave.transport.http.connections import open_connections
from linkweave.transport.http.exchange import HttpTransport

pytestmark = pytest.mark.real_time

CREATE = """mutation { createLink(input: { accounts: ["cuttly"], destination: "https://example.com/" }) {
  created errors { code message } } }"""
READ_LINK = '{ link(shortUrl: "https://cutt.ly/some") { title } }'


async def asked(vendor: TlsServer, query: str) -> dict[str, Any]:
    """What a gateway answers whose only account is at `vendor`. Cutt.ly takes the key in the address."""
    account = {"key": "cuttly", "provider": "cuttly", "api_key": SECRET, "domains": ["cutt.ly"]}
    where = {"base_url": f"https://127.0.0.1:{vendor.port}"}
    app = build_app(from_table({"accounts": [{**account, **where}]}, "demo"), SystemClock())
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1", timeout=None)
    async with app.lifespan(), http as client:
        response = await client.post("/graphql", json={"query": query})
    assert SECRET not in response.text
    answer: dict[str, Any] = response.json()
    return answer


@asynccontextmanager
async def trusting(vendor: TlsServer) -> AsyncIterator[HttpTransport]:
    """The bottom of the stack with the connections of accounts, where the vendor's certificate is vouched for."""
    async with open_connections(vendor.trusting(), NetworkSettings()) as client:
        yield HttpTransport(client, "main", f"https://127.0.0.1:{vendor.port}", 10, SystemClock())


async def test_a_vendor_whose_certificate_is_not_trusted_is_not_called(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with tls_server(tmp_path, LOOPBACK) as vendor:
        answer = await asked(vendor, READ_LINK)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert error["message"].startswith("cuttly shows a certificate that cannot be trusted")
    assert vendor.received == []
    assert SECRET not in caplog.text


async def test_a_write_to_a_vendor_that_is_not_trusted_was_certainly_not_made(tmp_path: Path) -> None:
    async with tls_server(tmp_path, LOOPBACK) as vendor:
        answer = await asked(vendor, CREATE)
    assert [error["code"] for error in answer["data"]["createLink"]["errors"]] == ["UNAVAILABLE"]
    assert vendor.received == []


async def test_a_vendor_whose_certificate_is_trusted_is_called(tmp_path: Path) -> None:
    async with tls_server(tmp_path, LOOPBACK) as vendor, trusting(vendor) as transport:
        assert (await transport.send(READ)).body == b"{}"
    (received,) = vendor.received
    assert received.startswith(b"GET /v1/links?key=")


async def test_a_trusted_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    async with tls_server(tmp_path, ELSEWHERE) as vendor, trusting(vendor) as transport:
        with pytest.raises(UnavailableError, match=r"^main shows a certificate that cannot be trusted \(") as caught:
            await transport.send(READ)
    assert vendor.received == []
    assert SECRET not in everything_shown_of(caught.value)
