"""How often a client may ask. Told with every answer, in the headers of draft-ietf-httpapi-ratelimit-headers."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.edge.auth.callers import Caller, caller_of
from linkweave.edge.auth.client_windows import WINDOW_SECONDS, Counts, Standing, Window
from linkweave.edge.http.rejections import RefusedError
from linkweave.edge.pipeline import Layer
from linkweave.errors import ErrorCode

# The bearers of an issuer's tokens may be many; those who have not asked for longest are forgotten.
MAX_WINDOWS: Final = 10_000


def limited_clients(clock: Clock, counts: Counts | None) -> Layer:
    """A layer that refuses callers who ask more often than they may. Workers share `counts`, where there are any."""
    windows = Windows(clock, counts)
    return lambda app: _Limited(app, windows)


class Windows:
    """The window of each client that has a limit."""

    def __init__(self, clock: Clock, counts: Counts | None) -> None:
        self._clock = clock
        self._counts = counts
        self._windows: LruDict[str, Window] = LruDict(max_entries=MAX_WINDOWS)

    def admit(self, name: str, limit: int) -> Standing:
        """Count a request of the client called `name`, unless it is one too many."""
        window = self._windows.get(name)
        if window is None:
            window = Window(name)
            self._windows.put(name, window)
        standing = window.admit(limit, self._clock.now().timestamp())
        if self._counts is not None:
            window.share(self._counts, self._clock)
        return standing


class _Limited:
    def __init__(self, app: ASGIApp, windows: Windows) -> None:
        self._app = app
        self._windows = windows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = caller_of(scope) if scope["type"] == "http" else None
        if caller is None or caller.requests_per_minute is None:
            await self._app(scope, receive, send)
            return
        standing = self._windows.admit(caller.name, caller.requests_per_minute)
        told = _headers(caller.requests_per_minute, standing)

        async def send_with_standing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        app = self._app if standing.wait is None else _refused(caller, standing.wait).answer_to(scope)
        await app(scope, receive, send_with_standing)


def _headers(limit: int, standing: Standing) -> list[tuple[bytes, bytes]]:
    return [
        (b"ratelimit-policy", b'"default";q=%d;w=%d' % (limit, WINDOW_SECONDS)),
        (b"ratelimit", b'"default";r=%d;t=%d' % (standing.left, standing.ends_in)),
    ]


def _refused(caller: Caller, wait: int) -> RefusedError:
    message = f"More than {caller.requests_per_minute} requests a minute; ask again in {wait} s."
    return RefusedError(429, ErrorCode.RATE_LIMITED, message, {"Retry-After": str(wait)})
