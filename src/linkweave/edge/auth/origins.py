"""Requests from pages in browsers: a page of another origin needs permission, for every visitor.

The gateway reads no cookie. All that a page could misuse is its visitor's place in the network: a gateway on loopback
trusts every process on the machine, and browsers run pages of strangers there. Browsers say from which origin a request
comes, and pages cannot change that.
"""

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.edge.graphiql import asks_for_page
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.pipeline import Middleware
from linkweave.errors import ErrorCode
from linkweave.settings import ServerSettings, is_loopback
from linkweave.settings.origins import ANY_ORIGIN

# The headers of an answer that a page may read.
_READABLE: Final = ("etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id")
# The headers that a page may send: those that the gateway reads, and those that tracing and GraphQL clients add.
_SENDABLE: Final = (
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "authorization",
    "baggage",
    "content-type",
    "graphql-require-preflight",
    "if-none-match",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "x-apollo-operation-id",
    "x-apollo-operation-name",
    "x-request-id",
    "x-requested-with",
)
# Two layers, or a proxy and the gateway, could each follow another of two such headers.
_SINGLE: Final = frozenset({b"host", b"origin", b"sec-fetch-site", b"content-type"})
_SAME_SITE: Final = frozenset({None, b"same-origin", b"none"})
# A name, or an IPv6 address in brackets, and a port (RFC 9110, 7.2).
_HOST: Final = re.compile(
    r"(?:\[([0-9a-f]{0,4}:[0-9a-f:.]{1,40})\]|([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*))(?::[0-9]{0,5})?"
)
_MAX_HOST_BYTES: Final = 300
# RFC 9112, 3.2: a request of this version must have the header Host.
_HOST_REQUIRED: Final = "1.1"
_AMBIGUOUS: Final = "Send one header Host, and no more than one Origin, Sec-Fetch-Site and Content-Type."
_UNKNOWN_HOST: Final = "This is not a name of the gateway; server.allowed_hosts lists its names."
_UNKNOWN_ORIGIN: Final = "Pages of this origin have no access; server.allowed_origins lists those that have."
_NO_ORIGIN: Final = "Pages of other origins have no access without the header Origin."
_DEFAULT_PORTS: Final = (b":80", b":443")


def answer_cors(server: ServerSettings) -> Middleware | None:
    """Returns the layer that tells browsers which pages have access; None if only the gateway's own page has."""
    if not server.allowed_origins:
        return None
    return lambda app: _vary_by_origin(
        CORSMiddleware(
            app,
            allow_origins=server.allowed_origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=(*_SENDABLE, *server.allowed_headers),
            expose_headers=_READABLE,
            # An allowed page on the Internet may reach a gateway on this machine, too.
            allow_private_network=True,
        )
    )


def _vary_by_origin(app: ASGIApp) -> ASGIApp:
    """Returns an app whose every answer names `Origin` in `Vary`, once. CORSMiddleware does so for some requests."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "Origin" not in headers.get("vary", "").split(", "):
                    headers.add_vary_header("Origin")
            await send(message)

        await app(scope, receive, send_varying if scope["type"] == "http" else send)

    return answer


def check_origin(server: ServerSettings) -> Middleware:
    """Returns the layer that refuses requests of other origins' pages, and to a name that is not the gateway's."""
    is_known_host = _host_check(server)
    is_known_origin = _origin_check(server.allowed_origins)
    return lambda app: _OriginCheck(app, is_known_host, is_known_origin)


def check_host(server: ServerSettings, open_paths: Collection[str], open_folder: str) -> Middleware:
    """Returns the layer that refuses requests to a name that is not the gateway's.

    Those for `open_paths`, and for paths that begin with `open_folder`, are not checked.
    """
    is_known_host = _host_check(server)
    return lambda app: _HostCheck(app, is_known_host, open_paths, open_folder)


class _HostCheck:
    def __init__(
        self, app: ASGIApp, is_known_host: Callable[[bytes], bool], open_paths: Collection[str], open_folder: str
    ) -> None:
        self._app = app
        self._open_folder = open_folder
        self._is_known_host = is_known_host
        self._open_paths = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The scope of the app's lifespan has neither path nor headers.
        is_checked = scope["type"] == "http" and not self._is_open(scope["path"])
        hosts = [value for name, value in scope["headers"] if name == b"host"] if is_checked else []
        if all(map(self._is_known_host, hosts)):
            await self._app(scope, receive, send)
        else:
            await _forbidden(421, _UNKNOWN_HOST).response(scope)(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return path in self._open_paths or path.startswith(self._open_folder)


class _OriginCheck:
    def __init__(
        self, app: ASGIApp, is_known_host: Callable[[bytes], bool], is_known_origin: Callable[[bytes], bool]
    ) -> None:
        self._app = app
        self._is_known_host = is_known_host
        self._is_known_origin = is_known_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            try:
                self._check(scope)
            except RequestRejectedError as rejection:
                await rejection.response(scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        given = [header for header in scope["headers"] if header[0] in _SINGLE]
        headers = dict(given)
        if len(headers) < len(given) or (b"host" not in headers and scope.get("http_version") == _HOST_REQUIRED):
            raise RequestRejectedError(400, ErrorCode.INVALID_INPUT, _AMBIGUOUS)
        host, origin, site = headers.get(b"host"), headers.get(b"origin"), headers.get(b"sec-fetch-site")
        if host is not None and not self._is_known_host(host):
            raise _forbidden(421, _UNKNOWN_HOST)
        if origin is not None:
            if not _is_own(origin, host) and not self._is_known_origin(origin):
                raise _forbidden(403, _UNKNOWN_ORIGIN)
        # Browsers send no Origin when a page only loads something. A request for GraphiQL's page runs no operation.
        elif site not in _SAME_SITE and not self._is_known_origin(b"") and not _asks_for_page(scope):
            raise _forbidden(403, _NO_ORIGIN)


def _asks_for_page(scope: Scope) -> bool:
    return scope["type"] == "http" and asks_for_page(Request(scope))


def _host_check(server: ServerSettings) -> Callable[[bytes], bool]:
    """By DNS any name can lead to 127.0.0.1, and a browser then takes the gateway for the site of that name."""
    if not is_loopback(server.host) and not server.allowed_hosts:
        return lambda _: True

    def is_known(host: bytes) -> bool:
        name = _name(host)
        return name in server.allowed_hosts or (is_loopback(server.host) and _is_loopback_name(name))

    known = lru_cache(1_024)(is_known)
    return lambda host: len(host) <= _MAX_HOST_BYTES and known(host)


def _origin_check(allowed: Collection[str]) -> Callable[[bytes], bool]:
    if ANY_ORIGIN in allowed:
        return lambda _: True
    known = frozenset(origin.encode() for origin in allowed)
    return known.__contains__


def _is_loopback_name(name: str) -> bool:
    return is_loopback(name) or name.endswith(".localhost")


def _name(host: bytes) -> str:
    """Returns the name in a Host header, without port and brackets; empty if the header has another form."""
    found = _HOST.fullmatch(host.decode("latin-1").lower())
    return "" if found is None else found[1] or found[2]


def _is_own(origin: bytes, host: bytes | None) -> bool:
    """Whether a page's origin is the gateway itself. The schemes may differ: a proxy may have ended TLS."""
    scheme, _, rest = origin.lower().partition(b"://")
    return host is not None and scheme in {b"http", b"https"} and _without_port(rest) == _without_port(host.lower())


def _without_port(host: bytes) -> bytes:
    """Returns `host` without a port that browsers leave out."""
    return next((host.removesuffix(port) for port in _DEFAULT_PORTS if host.endswith(port)), host)


def _forbidden(status: int, message: str) -> RequestRejectedError:
    return RequestRejectedError(status, ErrorCode.FORBIDDEN, message)
