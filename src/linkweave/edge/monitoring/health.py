"""Health probes for an orchestrator: whether the process answers, and whether it should get requests."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LIVE_PATH: Final = "/live"
READY_PATH: Final = "/ready"

_HEADERS: Final = {"Cache-Control": "no-store"}


def health_routes(is_draining: Callable[[], bool], cache_problem: Callable[[], Awaitable[str | None]]) -> list[Route]:
    """Returns the routes of both probes. They call no vendor: a vendor that is down makes the gateway no less ready.

    `cache_problem` returns why the cache server cannot be used; None if it can. Without it answers are slower, but not
    wrong: the gateway is ready all the same.
    """

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"}, headers=_HEADERS)

    async def ready(_: Request) -> Response:
        if is_draining():
            return JSONResponse({"status": "leaving"}, 503, headers=_HEADERS)
        problem = await cache_problem()
        cache = {"cache": "ok"} if problem is None else {"cache": "degraded", "reason": problem}
        return JSONResponse({"status": "ready", **cache}, headers=_HEADERS)

    return [Route(LIVE_PATH, live), Route(READY_PATH, ready)]
