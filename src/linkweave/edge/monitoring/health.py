"""What an orchestrator asks: whether the process answers, and whether requests should be sent to it."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LIVE_PATH: Final = "/live"
READY_PATH: Final = "/ready"

_HEADERS: Final = {"Cache-Control": "no-store"}


def probes(leaving: Callable[[], bool], cache_answers: Callable[[], Awaitable[bool]]) -> list[Route]:
    """The routes of both probes. No vendor is asked: what is wrong there is no reason to send nobody here.

    `leaving` is true while the process shuts down. `cache_answers` tells whether what workers share can be reached;
    without it answers are slower, not wrong, so that the gateway is ready all the same.
    """

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"}, headers=_HEADERS)

    async def ready(_: Request) -> Response:
        if leaving():
            return JSONResponse({"status": "leaving"}, 503, headers=_HEADERS)
        cache = "ok" if await cache_answers() else "degraded"
        return JSONResponse({"status": "ready", "cache": cache}, headers=_HEADERS)

    return [Route(LIVE_PATH, live), Route(READY_PATH, ready)]
