"""What emulators are made with. An emulator knows nothing else of the gateway."""

import json
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from linkweave.clock import Clock


@dataclass(frozen=True, slots=True)
class SentWebhook:
    """A request that a vendor sends to an address of its customer."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def send_nothing(_: SentWebhook) -> None:
    """For emulators whose webhooks nobody waits for."""


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """The clock that an emulator uses, and whether it enforces the vendor's rate limits with 429.

    `send` gets each webhook that the emulator sends. One that sends webhooks of clicks has the function `state.click`:
    it counts a click of the link with a slug, and raises StopIteration where there is none.
    """

    clock: Clock
    rate_limits: bool = True
    send: Callable[[SentWebhook], None] = send_nothing


CreateEmulator: TypeAlias = Callable[[EmulatorOptions], ASGIApp]

# Answers one request with JSON data; the status is 200, or 201 to a POST that returns a Created.
Endpoint: TypeAlias = Callable[[Request], Awaitable[object]]


def json_webhook(url: str, data: object, headers: tuple[tuple[str, str], ...] = ()) -> SentWebhook:
    """A webhook whose body is JSON."""
    return SentWebhook("POST", url, (("content-type", "application/json"), *headers), json.dumps(data).encode())


class CallLog:
    """A vendor's own rate limit: at most `limit` calls in any `seconds`, counted when they arrive."""

    def __init__(self, limit: int, seconds: float, options: EmulatorOptions) -> None:
        self._limit = limit if options.rate_limits else None
        self._seconds = seconds
        self._clock = options.clock
        self._arrivals: list[float] = []

    def admits(self) -> bool:
        """Count one call; False when it is over the limit."""
        if self._limit is None:
            return True
        now = self._clock.monotonic()
        self._arrivals = [at for at in self._arrivals if at > now - self._seconds]
        if len(self._arrivals) >= self._limit:
            return False
        self._arrivals.append(now)
        return True


class RefusedError(Exception):
    """A refusal: its HTTP status, and its body as JSON data."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(f"refused with HTTP {status}")
        self.status = status
        self.body = body


def json_app(
    routes: Mapping[str, Endpoint], admit: Callable[[Request], None], not_found: object = "not found"
) -> Starlette:
    """An app that answers with JSON. Keys of `routes` are such as "GET /links/{id}".

    `admit` lets a request in, or raises RefusedError; `not_found` is the body of HTTP 404 where no route fits.
    """

    def route(line: str, endpoint: Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            admit(request)
            return JSONResponse(await endpoint(request))

        method, _, path = line.partition(" ")
        return Route(path, answer, methods=[method])

    async def refuse(_: Request, refusal: Exception) -> Response:
        if isinstance(refusal, RefusedError):
            return JSONResponse(refusal.body, refusal.status)
        return JSONResponse(not_found, 404)

    handlers = {RefusedError: refuse, HTTPException: refuse}
    app = Starlette(routes=[route(line, endpoint) for line, endpoint in routes.items()], exception_handlers=handlers)
    app.router.redirect_slashes = False
    return app


def bearer_token(request: Request) -> str | None:
    """The token of the request; None where it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def basic_credentials(authorization: str | None) -> tuple[str, str] | None:
    """Name and password of HTTP Basic; None where there are none, or none that can be read."""
    scheme, _, packed = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = b64decode(packed, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, password


def number_in(request: Request, name: str, default: int) -> int | None:
    """A whole number of the query; None where it is none."""
    text = request.query_params.get(name)
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None  # noqa: PLR2004 - fits an offset


async def json_object(request: Request) -> dict[str, Any] | None:
    """The object in the body; {} for an empty body, None for anything else."""
    body = await request.body()
    if not body:
        return {}
    try:
        data = await request.json()
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
