"""The way to vendors: through a proxy where one is set, past it for some hosts, and with certificates of one's own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.certificates import LOOPBACK, tls_server
from linkweave.errors import ConfigurationError
from linkweave.settings import from_table
from linkweave.transport.http.connections import Connector

pytestmark = pytest.mark.real_time

ACCOUNT = {"key": "a", "provider": "cuttly", "api_key": "secret"}


@dataclass
class Proxy:
    """A proxy that opens every tunnel to one port of this machine, whatever its name, and notes who asked for it."""

    port: int = 0
    heads: list[bytes] = field(default_factory=list)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[Proxy]:
    proxy, done = Proxy(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        proxy.heads.append(await reader.readuntil(b"\r\n\r\n"))
        there, back = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer), return_exceptions=True)
        done.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    async with server:
        yield proxy
    if proxy.heads:
        await asyncio.wait_for(done.wait(), 30)


def connector(folder: Path, **network: Any) -> Connector:
    settings = from_table({"accounts": [ACCOUNT], "network": network}, folder / "linkweave.toml")
    return Connector(settings.network, folder)


async def test_a_vendor_is_reached_through_the_proxy_with_its_credentials(tmp_path: Path) -> None:
    async with tls_server(tmp_path, LOOPBACK) as vendor, proxy_to(vendor.port) as proxy:
        (tmp_path / "ca.pem").write_text(vendor.certificate)
        network = {"proxy": f"http://user:word@127.0.0.1:{proxy.port}", "ca_file": "ca.pem"}
        async with connector(tmp_path, **network).open() as client:
            answer = await client.get(f"https://127.0.0.1:{vendor.port}/path")
    assert answer.json() == {}
    (head,) = proxy.heads
    assert head.startswith(f"CONNECT 127.0.0.1:{vendor.port} ".encode())
    assert b"proxy-authorization: basic dxnlcjp3b3jk" in head.lower()
    assert b"GET /path" in vendor.received[0]


async def test_a_host_in_no_proxy_is_reached_directly(tmp_path: Path) -> None:
    async with tls_server(tmp_path, LOOPBACK) as vendor, proxy_to(vendor.port) as proxy:
        (tmp_path / "ca.pem").write_text(vendor.certificate)
        network = {"proxy": f"http://127.0.0.1:{proxy.port}", "no_proxy": ["127.0.0.1"], "ca_file": "ca.pem"}
        async with connector(tmp_path, **network).open() as client:
            await client.get(f"https://127.0.0.1:{vendor.port}/path")
    assert proxy.heads == []


async def test_an_account_has_a_proxy_and_certificates_of_its_own(tmp_path: Path) -> None:
    async with tls_server(tmp_path, LOOPBACK) as vendor, proxy_to(vendor.port) as proxy:
        (tmp_path / "own.pem").write_text(vendor.certificate)
        other = connector(tmp_path, proxy=f"http://127.0.0.1:{proxy.port}")
        async with connector(tmp_path).open(other.network.proxy, "own.pem") as client:
            await client.get(f"https://127.0.0.1:{vendor.port}/path")
    assert len(proxy.heads) == 1


async def test_the_environment_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with tls_server(tmp_path, LOOPBACK) as vendor:
        (tmp_path / "ca.pem").write_text(vendor.certificate)
        async with connector(tmp_path, ca_file="ca.pem").open() as client:
            assert (await client.get(f"https://127.0.0.1:{vendor.port}/")).status_code == 200


async def test_a_proxy_that_cannot_be_reached_is_a_failure_to_connect(tmp_path: Path) -> None:
    async with connector(tmp_path, proxy="http://127.0.0.1:9").open() as client:
        with pytest.raises(httpx2.ConnectError):
            await client.get("https://vendor.example/")


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "cannot be read: No such file"), ("nothing", "has no certificate")]
)
def test_a_file_without_certificates_is_a_mistake_of_the_configuration(
    tmp_path: Path, content: str | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    with pytest.raises(ConfigurationError, match=problem):
        connector(tmp_path, ca_file="ca.pem").open()


@pytest.mark.parametrize(
    "proxy",
    ["proxy.example.com:3128", "socks5://proxy", "http://", "http://a b", "http://x:99999", "http://[::1].evil"],
)
def test_a_proxy_that_is_no_url_is_refused_without_being_shown(tmp_path: Path, proxy: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        connector(tmp_path, proxy=proxy)
    assert "network.proxy: must be a URL such as http://proxy.example.com:3128" in str(caught.value)
    assert proxy not in str(caught.value).replace("http://proxy.example.com:3128", "")
