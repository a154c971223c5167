"""The rate limit of each client. Answers report it in the headers of draft-ietf-httpapi-ratelimit-headers."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.edge.auth.callers import Caller, caller_of
from linkweave.edge.auth.client_windows import WINDOW_SECONDS, ClientWindow, RateLimitStatus, SharedCounters
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.pipeline import Middleware
from linkweave.errors import ErrorCode

# Maximum number of windows. An issuer may have many bearers; those whose last request is oldest are dropped.
MAX_WINDOWS: Final = 10_000


def limit_clients(clock: Clock, counters: SharedCounters | None) -> Middleware:
    """Returns a layer that refuses requests over their client's limit. Workers share `counters`, if there are any."""
    windows = ClientWindows(clock, counters)
    return lambda app: _ClientRateLimiter(app, windows)


class ClientWindows:
    """The window of each client that has a limit."""

    def __init__(self, clock: Clock, counters: SharedCounters | None) -> None:
        self._clock = clock
        self._counters = counters
        self._windows: LruDict[str, ClientWindow] = LruDict(max_entries=MAX_WINDOWS)

    def admit(self, name: str, limit: int) -> RateLimitStatus:
        """Count a request of the client called `name`, unless it is over the limit."""
        window = self._windows.get(name)
        if window is None:
            window = ClientWindow(name)
            self._windows.put(name, window)
        status = window.admit(limit, self._clock.now().timestamp())
        if self._counters is not None:
            window.share(self._counters, self._clock)
        return status


class _ClientRateLimiter:
    def __init__(self, app: ASGIApp, windows: ClientWindows) -> None:
        self._app = app
        self._windows = windows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = caller_of(scope) if scope["type"] == "http" else None
        if caller is None or caller.requests_per_minute is None:
            await self._app(scope, receive, send)
            return
        status = self._windows.admit(caller.name, caller.requests_per_minute)
        headers = _headers(caller.requests_per_minute, status)

        async def send_with_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        app = self._app if status.retry_after is None else _rejection(caller, status.retry_after).response(scope)
        await app(scope, receive, send_with_status)


def _headers(limit: int, status: RateLimitStatus) -> list[tuple[bytes, bytes]]:
    return [
        (b"ratelimit-policy", b'"default";q=%d;w=%d' % (limit, WINDOW_SECONDS)),
        (b"ratelimit", b'"default";r=%d;t=%d' % (status.remaining, status.reset_seconds)),
    ]


def _rejection(caller: Caller, retry_after: int) -> RequestRejectedError:
    message = f"More than {caller.requests_per_minute} requests a minute; ask again in {retry_after} s."
    return RequestRejectedError(429, ErrorCode.RATE_LIMITED, message, {"Retry-After": str(retry_after)})
