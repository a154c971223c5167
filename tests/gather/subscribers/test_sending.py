"""Where messages go, and how they are signed."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from cryptography import x509

from harness.certificates import ELSEWHERE, LOOPBACK, tls_server
from linkweave.gather.subscribers.addresses import ForbiddenAddressError, check_url
from linkweave.gather.subscribers.sender import SEND_SECONDS, Sender, SendResult
from linkweave.gather.subscribers.signing import signed_headers
from linkweave.settings import NetworkSettings
from linkweave.transport.http.connections import open_connections

URL = "https://hooks.example.com:8443/in?key=1"


async def send(
    url: str, addresses: list[str], *, allow_private: bool = False
) -> tuple[SendResult, list[httpx2.Request]]:
    seen: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=b"x" * 1_000_000)

    async def resolve(host: str) -> list[str]:
        assert host == "hooks.example.com"
        return addresses

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    return await Sender(http, resolve, allow_private).send(url, {"webhook-id": "msg_1"}, b"{}"), seen


async def test_the_connection_is_to_the_address_that_was_checked_and_the_certificate_is_the_names() -> None:
    result, (request,) = await send(URL, ["93.184.216.34"])
    assert result == SendResult(200)
    assert str(request.url) == "https://93.184.216.34:8443/in?key=1"
    assert request.headers["host"] == "hooks.example.com:8443"
    # The next message may be for another name at the same address.
    assert request.headers["connection"] == "close"
    assert request.extensions["sni_hostname"] == "hooks.example.com"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fd00::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:0a00:0001::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
async def test_nothing_is_sent_to_a_private_address(address: str) -> None:
    result, seen = await send(URL, ["93.184.216.34", address])
    assert "private address" in (result.error or "")
    assert seen == []
    allowed, _ = await send(URL, [address.partition("%")[0]], allow_private=True)
    assert allowed.error is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://hooks.example.com/", "https"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://localhost/", "private"),
        ("https://user:pass@hooks.example.com/", "without user"),
        ("https://hooks.example.com/#a", "fragment"),
        ("ftp://hooks.example.com/", "must be a URL"),
        ("https://[::1].example.com/", "must be a URL"),
        ("https://hooks.example.com:99999/", "must be a URL"),
        (f"https://hooks.example.com/{'x' * 2_000}", "must be a URL"),
        ("nothing", "must be a URL"),
    ],
)
def test_a_url_that_leads_nowhere_allowed_is_refused(url: str, problem: str) -> None:
    with pytest.raises(ForbiddenAddressError, match=problem):
        check_url(url, allow_private=False)


async def test_a_subscriber_that_does_not_answer_in_time_or_breaks_the_connection_has_failed() -> None:
    async def slow(_: str) -> list[str]:
        await asyncio.sleep(SEND_SECONDS + 1)
        return []

    def broken(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(broken))

    async def quick(_: str) -> list[str]:
        return ["93.184.216.34"]

    async def nobody(_: str) -> list[str]:
        return []

    problems = [(await Sender(http, resolve).send(URL, {}, b"{}")).error for resolve in (slow, quick, nobody)]
    assert problems == [
        "there was no answer within 15 seconds",
        "the address cannot be reached (ConnectError)",
        "the address cannot be reached (OSError)",
    ]


def test_the_signature_is_that_of_the_reference_implementation() -> None:
    # Computed with the package standardwebhooks 1.1.0.
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLAsw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1_614_265_330, UTC),
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,KXkW/GFH6ccHPeouWmAAMsUKN7npl310pILw3ge8BfQ=",
    }


@pytest.mark.real_time
@pytest.mark.parametrize(("name", "error"), [(ELSEWHERE, None), (LOOPBACK, "ConnectError")])
async def test_the_certificate_must_be_that_of_the_name_and_not_of_the_address(
    tmp_path: Path, name: x509.GeneralName, error: str | None
) -> None:
    async def resolve(host: str) -> list[str]:
        assert host == "vendor.example"
        return ["127.0.0.1"]

    async with tls_server(tmp_path, name) as server, open_connections(server.trusting(), NetworkSettings()) as http:
        url = f"https://vendor.example:{server.port}/in"
        result = await Sender(http, resolve, allow_private=True).send(url, {}, b"{}")
    assert (result.error is None) is (error is None)
    assert error is None or error in (result.error or "")
    assert len(server.received) == (error is None)
