"""GraphiQL from this package's own files: the browser loads nothing from any other host.

`make graphiql` builds `static/` from frontend/graphiql. It is committed, so that no wheel and no clone needs Node.
"""

import os
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.types import Scope

from linkweave.edge.http.compressed_files import CompressedFiles
from linkweave.edge.http.content_negotiation import accept_of, prefers_html

STATIC: Final = Path(__file__).parent / "static"

# `base` in frontend/graphiql/vite.config.js, and the folder under it that Vite puts every hashed file in.
ASSETS_PATH: Final = "/graphiql/assets"

# Monaco writes style elements and style attributes, hence 'unsafe-inline'; it needs no inline script and no eval.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE_HEADERS: Final = {**_SECURITY_HEADERS, "Cache-Control": "no-cache", "Vary": "Accept"}
_ASSET_HEADERS: Final = {**_SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}

# Python's own table depends on the machine: a slim image has no .ttf, and Windows may call .js plain text.
_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


def asks_for_page(request: Request) -> bool:
    """Whether a browser opens the endpoint's address and gets the page. Such a request executes nothing."""
    return request.method == "GET" and "query" not in request.query_params and prefers_html(accept_of(request.scope))


def graphiql_page() -> Response:
    """Returns the page for a browser that opens the GraphQL endpoint. Browsers validate it each time they show it.

    The page sends its operations to the path at which it was opened, and loads its code from `graphiql_assets`.
    """
    return HTMLResponse(_index(), headers=_PAGE_HEADERS)


def graphiql_assets() -> Mount:
    """Returns the route of the page's scripts, workers, styles and icons.

    A file's name contains a hash of its content, so that browsers may store it for good.
    """
    return Mount(ASSETS_PATH, app=_HashedFiles(directory=STATIC / "assets"), name="graphiql")


class _HashedFiles(CompressedFiles):
    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_ASSET_HEADERS)
        response.headers["Content-Type"] = _MEDIA_TYPES[Path(full_path).suffix]
        return response


@cache
def _index() -> bytes:
    return (STATIC / "index.html").read_bytes()
