"""What is started by `processes`: `python -m benchmarks.load.servers vendors|bare|tinycc|naive …`, one process each."""

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Final

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.load.tinycc_vendor import Size, TinyccVendor
from benchmarks.naive import naive_app
from benchmarks.naive_vendors import open_vendors
from benchmarks.vendors import measured_providers
from linkweave.clock import SystemClock
from linkweave.sandbox import Sandbox, sandbox_accounts
from linkweave.server import run as server

READY: Final = "up at "


def vendors_app(*, rate_limits: bool) -> ASGIApp:
    """The sandbox, with or without the vendors' limits."""
    return Sandbox(measured_providers(), SystemClock(), rate_limits=rate_limits)


def bare_app(body: bytes) -> ASGIApp:
    """The least an ASGI app can do: `body`, whatever is asked."""
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }
    answer = {"type": "http.response.body", "body": body}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's signature
        if scope["type"] == "http":
            await send(start)
            await send(answer)

    return app


def naive_server(vendors: str) -> ASGIApp:
    """The first version over the sandbox at `vendors`, which it logs in to with the first request."""
    opened: dict[str, ASGIApp] = {}
    gate = asyncio.Lock()
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=200)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        async with gate:
            if not opened:
                tables = {str(table["provider"]): table for table in sandbox_accounts(measured_providers(), vendors)}
                opened["app"] = naive_app(await open_vendors(tables, httpx2.AsyncHTTPTransport(limits=limits)))
        await opened["app"](scope, receive, send)

    return app


def main(kind: str, *arguments: str) -> None:
    """Serve until SIGTERM."""
    match kind:
        case "vendors":
            app = vendors_app(rate_limits=arguments[0] == "limits")
        case "bare":
            app = bare_app(Path(arguments[0]).read_bytes())
        case "tinycc":
            accounts, domains, links, seconds = arguments
            app = TinyccVendor(Size(int(accounts), int(domains), int(links)), float(seconds))
        case _:
            app = naive_server(arguments[0])
    with server.listen("127.0.0.1", 0) as listener:
        server.serve([server.BoundApp(app, listener)], partial(print, f"{READY}{server.url(listener)}", flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
