"""`/metrics`: the numbers for Prometheus, for those who may see them."""

from collections.abc import Callable
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.auth.callers import NOBODY, caller_of
from linkweave.edge.auth.setup import Guards
from linkweave.edge.http.rejections import RefusedError
from linkweave.edge.pipeline import stacked
from linkweave.errors import ErrorCode

METRICS_PATH: Final = "/metrics"

_WHO: Final = "The numbers are for callers with the scope admin who may see all accounts."
_REFUSED: Final = RefusedError(403, ErrorCode.FORBIDDEN, _WHO)
_UNKNOWN: Final = RefusedError(401, ErrorCode.UNAUTHENTICATED, _WHO, {"www-authenticate": 'Bearer realm="linkweave"'})

# What a registry writes for an Accept header, and its media type.
Page: TypeAlias = Callable[[str], tuple[bytes, str]]


def metrics_page(page: Page, guards: Guards, *, public: bool) -> Route:
    """The route of the numbers: for admins of all accounts, unless it is `public`; never for strangers' pages."""

    async def show(scope: Scope, receive: Receive, send: Send) -> None:
        body, media_type = page(Request(scope).headers.get("accept", ""))
        headers = {"content-type": media_type, "cache-control": "no-store"}
        await Response(body, headers=headers)(scope, receive, send)

    app = stacked(show, guards.pages) if public else stacked(_admins_only(show), guards.layers)
    return Route(METRICS_PATH, _Methods(app))


class _Methods:
    """An ASGI app as an object, which is what Starlette's Route does not wrap; GET and HEAD alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            await Response(status_code=405, headers={"allow": "GET, HEAD"})(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _admins_only(app: ASGIApp) -> ASGIApp:
    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        caller = caller_of(scope)
        if caller.is_admin:
            await app(scope, receive, send)
        else:
            await (_UNKNOWN if caller is NOBODY else _REFUSED).answer_to(scope)(scope, receive, send)

    return checked
