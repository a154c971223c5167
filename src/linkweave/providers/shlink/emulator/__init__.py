"""A Shlink server in this process, written from its OpenAPI document. It was not compared with a real one."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from linkweave.providers.emulator_kit import EmulatorOptions, RefusedError
from linkweave.providers.shlink.emulator import short_url_writes, short_urls, tags
from linkweave.providers.shlink.emulator.problems import problem
from linkweave.providers.shlink.emulator.seed import seeded
from linkweave.providers.shlink.emulator.server import Server
from linkweave.providers.shlink.emulator.visits import list_visits

__all__ = ["create_emulator", "emulate"]

# Returns the content of an answer; None is HTTP 204.
Endpoint: TypeAlias = Callable[[Server, Request], Awaitable[object]]

_ENDPOINTS: Final[tuple[tuple[str, str, Endpoint], ...]] = (
    ("GET", "/short-urls", short_urls.list_short_urls),
    ("POST", "/short-urls", short_url_writes.create),
    ("GET", "/short-urls/{code:path}/visits", list_visits),
    ("GET", "/short-urls/{code:path}", short_urls.read),
    ("PATCH", "/short-urls/{code:path}", short_url_writes.update),
    ("DELETE", "/short-urls/{code:path}", short_url_writes.delete),
    ("GET", "/tags", tags.list_tags),
    ("PUT", "/tags", tags.rename),
    ("DELETE", "/tags", tags.delete),
    ("GET", "/domains", short_urls.list_domains),
)


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A server with two domains and 150 short URLs. It has no rate limit."""
    return emulate(seeded(options))


def emulate(server: Server) -> Starlette:
    """A server of this one account."""
    routes = [Route(path, _answering(server, endpoint), methods=[method]) for method, path, endpoint in _ENDPOINTS]
    routes.append(Route("/health", _health))
    return Starlette(
        routes=[Mount("/rest/v3", routes=routes), Route("/rest/health", _health)],
        exception_handlers={HTTPException: _refuse},
    )


def _answering(server: Server, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            server.admit(request.headers.get("x-api-key"))
            content = await endpoint(server, request)
        except RefusedError as refusal:
            return JSONResponse(refusal.body, refusal.status, media_type="application/problem+json")
        return Response(status_code=204) if content is None else JSONResponse(content)

    return answer


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "pass", "version": "5.0.0", "links": {}}, media_type="application/health+json")


async def _refuse(_: Request, failure: Exception) -> Response:
    status = failure.status_code if isinstance(failure, HTTPException) else 500
    refusal = problem(status, "not-found", "Not found", "The requested route does not exist")
    return JSONResponse(refusal.body, status, media_type="application/problem+json")
