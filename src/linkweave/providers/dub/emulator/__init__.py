"""Dub's API in this process, written from its documents and what was found in its source."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkweave.providers.dub.emulator import analytics, bulk, links, reads, tags, webhooks
from linkweave.providers.dub.emulator.seed import seeded
from linkweave.providers.dub.emulator.workspace import Workspace
from linkweave.providers.emulator_kit import EmulatorOptions, RefusedError

__all__ = ["create_emulator", "emulate"]

Endpoint: TypeAlias = Callable[[Workspace, Request], Awaitable[object]]

# The more special path of two comes first.
_ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "GET /links": links.list_links,
    "GET /links/info": links.read_link,
    "POST /links": links.create,
    "POST /links/bulk": bulk.create,
    "PATCH /links/bulk": bulk.update,
    "DELETE /links/bulk": bulk.delete,
    "PATCH /links/{id}": links.update,
    "DELETE /links/{id}": links.delete,
    "GET /tags": tags.list_tags,
    "POST /tags": tags.create,
    "PATCH /tags/{id}": tags.rename,
    "DELETE /tags/{id}": tags.delete,
    "GET /folders": reads.list_folders,
    "GET /domains": reads.list_domains,
    "GET /workspaces/{id}": reads.read_workspace,
    "GET /webhooks": webhooks.list_webhooks,
    "POST /webhooks": webhooks.create,
    "DELETE /webhooks/{id}": webhooks.delete,
    "GET /analytics": analytics.read,
}


# Most creates are answered with 200 (FOUND).
_CREATING: Final = frozenset({("POST", "/tags"), ("POST", "/webhooks")})


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A workspace of the Advanced plan with 160 links on three domains, some of them in two folders."""
    return emulate(seeded(options))


def emulate(workspace: Workspace) -> Starlette:
    """A server of this one workspace."""
    routes = []
    for line, endpoint in _ENDPOINTS.items():
        method, _, path = line.partition(" ")
        routes.append(Route(path, _answering(workspace, endpoint), methods=[method]))
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.state.click = partial(webhooks.click, workspace)
    return app


def _answering(workspace: Workspace, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            workspace.admit(request)
            content = await endpoint(workspace, request)
        except RefusedError as refusal:
            return JSONResponse(refusal.body, refusal.status, headers=workspace.limit_headers())
        created = (request.method, request.url.path) in _CREATING
        return JSONResponse(content, 201 if created else 200)

    return answer
