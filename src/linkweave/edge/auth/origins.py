"""Pages in browsers: those of other origins may ask only where they are allowed to, whoever's browser it is.

No cookie is ever looked at, so that a page has nothing of its visitor to misuse but the place in the network: a gateway
on loopback trusts whoever is on the machine, and pages of strangers run there too. Browsers say where a request comes
from, and do not let pages lie about it.
"""

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.graphiql import asks_for_page
from linkweave.edge.http.rejections import RefusedError
from linkweave.edge.pipeline import Layer
from linkweave.errors import ErrorCode
from linkweave.settings import ServerSettings, is_loopback
from linkweave.settings.origins import ANY_ORIGIN

_READABLE: Final = ("etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id")
_SENDABLE: Final = (
    "authorization",
    "content-type",
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-request-id",
)
_LOOKED_AT: Final = frozenset({b"host", b"origin", b"sec-fetch-site"})
_HARMLESS: Final = frozenset({None, b"same-origin", b"none"})
# RFC 9112, 3.2.
_NAMES_ITS_HOST: Final = "1.1"
_AMBIGUOUS: Final = "Send one header Host, and no more than one Origin and Sec-Fetch-Site."
_OWN_PORTS: Final = (b":80", b":443")


def cross_origin(server: ServerSettings) -> list[Layer]:
    """Answers browsers that ask whether pages of the allowed origins may ask; nothing where there are none."""
    if not server.allowed_origins:
        return []
    return [
        lambda app: CORSMiddleware(
            app,
            allow_origins=server.allowed_origins,
            allow_methods=("GET", "POST"),
            allow_headers=_SENDABLE,
            expose_headers=_READABLE,
            # A page on the Internet that was allowed may ask a gateway on this machine, too.
            allow_private_network=True,
        )
    ]


def no_strangers_pages(server: ServerSettings) -> Layer:
    """Refuses what pages of other origins send, and what comes under a name that is not the gateway's."""
    knows_host = lru_cache(1_024)(_host_check(server))
    knows_origin = _origin_check(server.allowed_origins)
    return lambda app: _Pages(app, knows_host, knows_origin)


class _Pages:
    def __init__(
        self, app: ASGIApp, knows_host: Callable[[bytes], bool], knows_origin: Callable[[bytes], bool]
    ) -> None:
        self._app = app
        self._knows_host = knows_host
        self._knows_origin = knows_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                self._check(scope)
            except RefusedError as refused:
                await refused.answer_to(scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        given = [header for header in scope["headers"] if header[0] in _LOOKED_AT]
        told = dict(given)
        if len(told) < len(given) or (b"host" not in told and scope.get("http_version") == _NAMES_ITS_HOST):
            raise RefusedError(400, ErrorCode.INVALID_INPUT, _AMBIGUOUS)
        host, origin, site = told.get(b"host"), told.get(b"origin"), told.get(b"sec-fetch-site")
        if host is not None and not self._knows_host(host):
            raise _refused(
                421, "The gateway is not called so; server.allowed_hosts says under which names it is reached."
            )
        if origin is not None:
            if not _is_own(origin, host) and not self._knows_origin(origin):
                raise _refused(403, "Pages of this origin may not ask here; server.allowed_origins says whose may.")
        # Browsers name no origin where a page only loads something. What opens GraphiQL's page runs nothing.
        elif site not in _HARMLESS and not self._knows_origin(b"") and not asks_for_page(Request(scope)):
            raise _refused(403, "Pages of other origins may not ask here without saying which they are.")


def _host_check(server: ServerSettings) -> Callable[[bytes], bool]:
    """A browser can be told that any name leads to 127.0.0.1, and then takes what is here for that name's own."""
    if not is_loopback(server.host) and not server.allowed_hosts:
        return lambda _: True

    def known(host: bytes) -> bool:
        name = _name(host)
        return name in server.allowed_hosts or (is_loopback(server.host) and _is_loopback_name(name))

    return known


def _origin_check(allowed: Collection[str]) -> Callable[[bytes], bool]:
    if ANY_ORIGIN in allowed:
        return lambda _: True
    known = frozenset(origin.encode() for origin in allowed)
    return known.__contains__


def _is_loopback_name(name: str) -> bool:
    return is_loopback(name) or name.endswith(".localhost")


def _name(host: bytes) -> str:
    """The name in a Host header: without port and brackets."""
    text = host.decode("latin-1").lower()
    return text[1:].partition("]")[0] if text.startswith("[") and "]" in text else text.partition(":")[0]


def _is_own(origin: bytes, host: bytes | None) -> bool:
    """Whether a page's origin is where it sends to. A proxy may have taken TLS away, so that schemes may differ."""
    scheme, _, rest = origin.lower().partition(b"://")
    return host is not None and scheme in {b"http", b"https"} and _without_port(rest) == _without_port(host.lower())


def _without_port(host: bytes) -> bytes:
    """`host` without one of the ports that browsers leave away."""
    return next((host.removesuffix(port) for port in _OWN_PORTS if host.endswith(port)), host)


def _refused(status: int, message: str) -> RefusedError:
    return RefusedError(status, ErrorCode.FORBIDDEN, message)
