"""Bitly's API v4 in this process, written from its documents."""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from linkweave.providers.bitly.emulator import account, clicks, link_reads, link_writes, webhooks
from linkweave.providers.bitly.emulator.access import Access
from linkweave.providers.bitly.emulator.seed import seeded
from linkweave.providers.bitly.emulator.store import User
from linkweave.providers.emulator_kit import EmulatorOptions, RefusedError

__all__ = ["create_emulator", "emulate"]

_NO_CONTENT: Final = 204

# Returns JSON data, or an HTTP status and JSON data.
Endpoint: TypeAlias = Callable[[User, Request], Awaitable[object]]

# The more special path of two comes first: the name of a link has a slash in it.
_ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "GET /user": account.read_user,
    "GET /groups": account.list_groups,
    "GET /organizations": account.list_organizations,
    "GET /organizations/{organization}/plan_limits": account.read_plan_limits,
    "GET /organizations/{organization}/webhooks": webhooks.list_webhooks,
    "POST /webhooks": webhooks.create,
    "DELETE /webhooks/{webhook}": webhooks.delete,
    "GET /bsds": account.list_domains,
    "GET /groups/{group}/tags": account.list_tags,
    "GET /groups/{group}/bitlinks": link_reads.list_links,
    "PATCH /groups/{group}/bitlinks": link_writes.update_several,
    "GET /groups/{group}/bitlinks/clicks": clicks.rank_links,
    "GET /groups/{group}/clicks": clicks.read_group_clicks,
    "GET /groups/{group}/countries": clicks.read_group_breakdown,
    "GET /groups/{group}/devices": clicks.read_group_breakdown,
    "POST /shorten": link_writes.shorten,
    "POST /expand": link_writes.read_public,
    "POST /bitlinks": link_writes.create,
    "GET /bitlinks/{name:path}/clicks/summary": clicks.read_summary,
    "GET /bitlinks/{name:path}/clicks": clicks.read_series,
    "GET /bitlinks/{name:path}/countries": clicks.read_breakdown,
    "GET /bitlinks/{name:path}/devices": clicks.read_breakdown,
    "GET /bitlinks/{name:path}/referrers": clicks.read_breakdown,
    "GET /bitlinks/{name:path}/referring_domains": clicks.read_breakdown,
    "GET /bitlinks/{name:path}": link_reads.read_link,
    "PATCH /bitlinks/{name:path}": link_writes.update,
    "DELETE /bitlinks/{name:path}": link_writes.delete,
    "POST /custom_bitlinks": link_writes.add_back_half,
    "GET /custom_bitlinks/{name:path}/clicks": clicks.read_series,
}


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A user of a paid plan with 140 links in one group and some in another, and a user of the free plan."""
    return emulate(seeded(options))


def emulate(access: Access) -> Starlette:
    """A server of these users."""

    async def platform_limits(user: User, _: Request) -> object:
        return account.platform_limits(access, user)

    endpoints = {**_ENDPOINTS, "GET /user/platform_limits": platform_limits}
    routes = []
    for line, endpoint in endpoints.items():
        method, _, path = line.partition(" ")
        routes.append(Route(f"/v4{path}", _answering(access, path, endpoint), methods=[method]))
    app = Starlette(routes=routes, exception_handlers={HTTPException: _no_route})
    app.router.redirect_slashes = False
    app.state.click = partial(webhooks.click, next(iter(access.users.values())))
    return app


def _answering(access: Access, path: str, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    template = path.replace("{group}", "{group_guid}").replace("{name:path}", "{bitlink}")

    async def answer(request: Request) -> Response:
        try:
            content = await endpoint(access.admit(request, template), request)
        except RefusedError as refusal:
            return _json(refusal.body, refusal.status)
        return _json(content[1], content[0]) if isinstance(content, tuple) else _json(content, 200)

    return answer


def _json(content: Any, status: int) -> Response:
    """JSON with control characters as they are, which is none (FOUND)."""
    if status == _NO_CONTENT:
        return Response(status_code=status)
    text = json.dumps(content, ensure_ascii=False).replace("\\u0007", "\x07")
    return Response(text, status, media_type="application/json")


async def _no_route(_: Request, __: Exception) -> Response:
    return PlainTextResponse("404 page not found", 404)
