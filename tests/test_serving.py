import signal
import socket

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from linkweave import serving
from linkweave.errors import ConfigurationError
from sockets import served


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await PlainTextResponse("hello")(scope, receive, send)


async def goodbye(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await PlainTextResponse("goodbye")(scope, receive, send)


def refused(url: str) -> bool:
    try:
        httpx2.get(url)
    except httpx2.ConnectError:
        return True
    return False


async def test_several_apps_are_served_in_one_process_each_at_its_own_address() -> None:
    async with served(hello, goodbye) as (first, second), httpx2.AsyncClient() as client:
        assert [(await client.get(url)).text for url in (first, second)] == ["hello", "goodbye"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_all_of_them(number: signal.Signals) -> None:
    listeners = [serving.listen("127.0.0.1", 0) for _ in range(2)]
    urls = [serving.url(listener) for listener in listeners]
    sites = [serving.Site(hello, listener) for listener in listeners]
    await serving.run(sites, lambda: signal.raise_signal(number))
    assert [refused(url) for url in urls] == [True, True]


async def test_a_connection_that_is_kept_alive_does_not_keep_the_server() -> None:
    async with httpx2.AsyncClient() as client:
        async with served(hello) as (url,):
            await client.get(url)
        with pytest.raises(httpx2.TransportError):
            await client.get(url)


async def test_nobody_is_told_what_serves() -> None:
    async with served(hello) as (url,), httpx2.AsyncClient() as client:
        assert "server" not in (await client.get(url)).headers


def test_port_0_is_any_free_port_and_can_be_told() -> None:
    with serving.listen("127.0.0.1", 0) as listener:
        assert serving.url(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert not serving.url(listener).endswith(":0")


def test_an_address_in_use_is_said_with_the_remedy() -> None:
    with serving.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError) as caught:
            serving.listen("127.0.0.1", port, "choose another port with --sandbox-port")
    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another port with --sandbox-port"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_this_machines_is_said(host: str) -> None:
    with pytest.raises(ConfigurationError, match=f"cannot listen on {host}:0: "):
        serving.listen(host, 0)


def test_an_ipv6_address_has_brackets_in_its_url() -> None:
    try:
        listener = serving.listen("::1", 0)
    except ConfigurationError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert listener.family is socket.AF_INET6
        assert serving.url(listener) == f"http://[::1]:{listener.getsockname()[1]}"
