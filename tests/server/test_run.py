import asyncio
import signal
import socket
from functools import partial

import httpx2
import pytest
import uvloop
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from harness.sockets import refused, served
from linkweave.errors import ConfigurationError
from linkweave.server import run as server


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await PlainTextResponse("hello")(scope, receive, send)


async def goodbye(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await PlainTextResponse("goodbye")(scope, receive, send)


async def test_several_apps_are_served_in_one_process_each_at_its_own_address() -> None:
    async with served(hello, goodbye) as (first, second), httpx2.AsyncClient() as client:
        assert [(await client.get(url)).text for url in (first, second)] == ["hello", "goodbye"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_all_of_them(number: signal.Signals) -> None:
    listeners = [server.listen("127.0.0.1", 0) for _ in range(2)]
    urls = [server.url(listener) for listener in listeners]
    apps = [server.BoundApp(hello, listener) for listener in listeners]
    await server.run(apps, lambda: signal.raise_signal(number))
    assert [refused(url) for url in urls] == [True, True]


async def started(listener: socket.socket, hooks: server.Hooks) -> asyncio.Task[None]:
    """A server that accepts connections at `listener`."""
    up = asyncio.Event()
    running = asyncio.create_task(server.run([server.BoundApp(hello, listener)], up.set, hooks))
    await up.wait()
    return running


async def closed(listener: socket.socket) -> None:
    """Returns when no client can connect any more."""
    async with asyncio.timeout(30):
        for _ in iter(listener.fileno, -1):
            await asyncio.sleep(0.01)


async def test_a_client_with_an_open_connection_may_send_a_last_request_and_is_told_to_close() -> None:
    listener = server.listen("127.0.0.1", 0)
    url = server.url(listener)
    running = await started(listener, server.Hooks())
    async with httpx2.AsyncClient() as client:
        assert "connection" not in (await client.get(url)).headers
        signal.raise_signal(signal.SIGTERM)
        await closed(listener)
        answer = await client.get(url)
    await running
    assert (answer.text, answer.headers["connection"]) == ("hello", "close")


async def test_a_server_that_drains_answers_requests_and_calls_its_hook() -> None:
    listener = server.listen("127.0.0.1", 0)
    url, draining = server.url(listener), asyncio.Event()
    running = await started(listener, server.Hooks(start_draining=draining.set, drain_seconds=0.5))
    signal.raise_signal(signal.SIGTERM)
    await draining.wait()
    async with httpx2.AsyncClient() as client:
        assert (await client.get(url)).text == "hello"
    await running
    assert refused(url)


async def test_sighup_reloads_and_does_not_stop_the_server() -> None:
    listener = server.listen("127.0.0.1", 0)
    url, reloaded = server.url(listener), asyncio.Event()

    async def reload() -> None:
        reloaded.set()

    running = await started(listener, server.Hooks(reload=reload))
    signal.raise_signal(signal.SIGHUP)
    await reloaded.wait()
    async with httpx2.AsyncClient() as client:
        assert (await client.get(url)).text == "hello"
    signal.raise_signal(signal.SIGTERM)
    await running


def test_uvloop_and_httptools_are_used() -> None:
    config = server.uvicorn_config(hello, server.LIMITS)
    config.load()
    factory = config.get_loop_factory()
    assert factory is not None
    loop = factory()
    loop.close()
    assert isinstance(loop, uvloop.Loop)
    assert isinstance(config.http_protocol_class, partial)
    assert issubclass(config.http_protocol_class.func, HttpToolsProtocol)


async def test_an_idle_connection_does_not_delay_the_shutdown() -> None:
    async with httpx2.AsyncClient() as client:
        async with served(hello) as (url,):
            await client.get(url)
        with pytest.raises(httpx2.TransportError):
            await client.get(url)


async def test_no_header_names_the_server_software() -> None:
    async with served(hello) as (url,), httpx2.AsyncClient() as client:
        assert "server" not in (await client.get(url)).headers


def test_port_0_is_any_free_port_and_the_url_has_it() -> None:
    with server.listen("127.0.0.1", 0) as listener:
        assert server.url(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert not server.url(listener).endswith(":0")


def test_an_address_in_use_is_reported_with_a_remedy() -> None:
    with server.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError) as caught:
            server.listen("127.0.0.1", port, "choose another port with --sandbox-port")
    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another port with --sandbox-port"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_this_machines_is_reported(host: str) -> None:
    with pytest.raises(ConfigurationError, match=f"cannot listen on {host}:0: "):
        server.listen(host, 0)


def test_an_ipv6_address_has_brackets_in_its_url() -> None:
    try:
        listener = server.listen("::1", 0)
    except ConfigurationError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert listener.family is socket.AF_INET6
        assert server.url(listener) == f"http://[::1]:{listener.getsockname()[1]}"
