"""`/metrics`: the metrics for Prometheus, for callers that may see them."""

from collections.abc import Callable
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.auth.callers import PAGE_VISITOR, caller_of
from linkweave.edge.auth.setup import AccessLayers
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.pipeline import Layer, stack
from linkweave.errors import ErrorCode

METRICS_PATH: Final = "/metrics"

_ADMINS_ONLY: Final = "Metrics are for callers with the scope admin that may see all accounts."
_FORBIDDEN: Final = RequestRejectedError(403, ErrorCode.FORBIDDEN, _ADMINS_ONLY)
_UNAUTHENTICATED: Final = RequestRejectedError(
    401, ErrorCode.UNAUTHENTICATED, _ADMINS_ONLY, {"www-authenticate": 'Bearer realm="linkweave"'}
)

# Returns the metrics for an Accept header, and their media type.
WriteMetrics: TypeAlias = Callable[[str], tuple[bytes, str]]


def metrics_route(write_metrics: WriteMetrics, access: AccessLayers, *, public: bool) -> Route:
    """Returns the route of the metrics: for admins of all accounts, or for every caller if it is `public`.

    Pages of other origins have no access in either case.
    """

    async def show(scope: Scope, receive: Receive, send: Send) -> None:
        body, media_type = write_metrics(Request(scope).headers.get("accept", ""))
        headers = {"content-type": media_type, "cache-control": "no-store", "vary": "Accept"}
        await Response(body, headers=headers)(scope, receive, send)

    app: ASGIApp = show
    if not public:
        callers = [Layer("authentication", access.authentication), Layer("client rate limits", access.rate_limits)]
        app = stack(_admins_only(show), callers)
    browsers = [Layer("CORS", access.cors), Layer("origin check", access.origin_check)]
    return Route(METRICS_PATH, _GetOnly(stack(app, browsers)))


class _GetOnly:
    """Answers only GET and HEAD. It is an object because Starlette's Route would wrap a function."""

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
            rejection = _UNAUTHENTICATED if caller is PAGE_VISITOR else _FORBIDDEN
            await rejection.response(scope)(scope, receive, send)

    return checked
