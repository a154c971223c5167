"""Health probes for an orchestrator: whether the process answers, and whether it should get requests."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LIVE_PATH: Final = "/live"
READY_PATH: Final = "/ready"

_HEADERS: Final = {"Cache-Control": "no-store"}


Check: TypeAlias = Callable[[], Awaitable[str | None]]


def health_routes(is_draining: Callable[[], bool], checks: Mapping[str, Check]) -> list[Route]:
    """Returns the routes of both probes. They call no vendor: a vendor that is down makes the gateway no less ready.

    Each of `checks` returns why something cannot be used; None if it can. The gateway is ready all the same: without
    the cache server answers are slower, but not wrong, and without the catalog its fields fail.
    """

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"}, headers=_HEADERS)

    async def ready(_: Request) -> Response:
        if is_draining():
            return JSONResponse({"status": "leaving"}, 503, headers=_HEADERS)
        problems = dict(zip(checks, await asyncio.gather(*(check() for check in checks.values())), strict=True))
        states = {name: "ok" if problem is None else "degraded" for name, problem in problems.items()}
        reasons = [problem for problem in problems.values() if problem is not None]
        reason = {"reason": "; ".join(reasons)} if reasons else {}
        return JSONResponse({"status": "ready", **states, **reason}, headers=_HEADERS)

    return [Route(LIVE_PATH, live), Route(READY_PATH, ready)]
