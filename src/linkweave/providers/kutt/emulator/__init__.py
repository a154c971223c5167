"""A Kutt 3.2 site in this process, written from its recorded answers and what was found in its source."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from linkweave.providers.emulator_kit import EmulatorOptions, RefusedError
from linkweave.providers.kutt.emulator import link_writes, reads
from linkweave.providers.kutt.emulator.seed import seeded
from linkweave.providers.kutt.emulator.site import Site

__all__ = ["create_emulator", "emulate"]

Endpoint: TypeAlias = Callable[[Site, Request], Awaitable[tuple[int, object]]]

_ENDPOINTS: Final[tuple[tuple[str, str, Endpoint], ...]] = (
    ("GET", "/links", reads.list_links),
    ("GET", "/links/admin", reads.refuse_admin),
    ("GET", "/links/{id}/stats", reads.read_stats),
    ("GET", "/users", reads.read_user),
    ("POST", "/links", link_writes.create),
    ("PATCH", "/links/{id}", link_writes.update),
    ("DELETE", "/links/{id}", link_writes.delete),
    ("POST", "/domains", link_writes.add_domain),
    ("DELETE", "/domains/{id}", link_writes.remove_domain),
)


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A site with two domains and 130 links, served at the site's own address. It has no rate limit."""
    return emulate(seeded(options))


def emulate(site: Site) -> Starlette:
    """A server of this one site. `/api` is the same as `/api/v2`."""
    routes = [Route(path, _answering(site, endpoint), methods=[method]) for method, path, endpoint in _ENDPOINTS]
    routes += [Route("/health", _health), Route("/{path:path}", _page)]
    return Starlette(routes=[Mount("/api/v2", routes=routes), Mount("/api", routes=routes)])


def _answering(site: Site, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return await _page(request)
        try:
            site.admit(request.headers.get("x-api-key") or request.query_params.get("apikey"))
            status, content = await endpoint(site, request)
        except RefusedError as refusal:
            status, content = refusal.status, refusal.body
        return JSONResponse(content, status)

    return answer


async def _health(_: Request) -> Response:
    return PlainTextResponse("OK", media_type="text/html")


async def _page(_: Request) -> Response:
    """A page for people, which is also the answer at every unknown path, one link among them."""
    return HTMLResponse("<header>Kutt</header>")
