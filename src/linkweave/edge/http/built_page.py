"""A page of this package's own files, as Vite builds it: the browser loads nothing from any other host.

What is built is committed, so that no wheel and no clone needs Node.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.types import Scope

from linkweave.edge.http.compressed_files import CompressedFiles

# Python's own table depends on the machine: a slim image has no .ttf, and Windows may call .js plain text.
_MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
        ".ttf": "font/ttf",
    }
)


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """A page that was built into the folder `static`.

    Its assets are at `assets_path`: the `base` of its vite.config.js, and the folder under it that Vite puts every
    hashed file in. `content_security_policy` says what the browser may load and run.
    """

    name: str
    static: Path
    assets_path: str
    content_security_policy: str

    def response(self) -> Response:
        """Returns the page. Browsers validate it each time they show it."""
        return HTMLResponse(
            _read(self.static / "index.html"),
            headers={**self._headers(), "Cache-Control": "no-cache", "Vary": "Accept"},
        )

    def assets(self) -> Mount:
        """Returns the route of the page's scripts, workers, styles and icons.

        A file's name contains a hash of its content, so that browsers may store it for good.
        """
        headers = {**self._headers(), "Cache-Control": "public, max-age=31536000, immutable"}
        return Mount(self.assets_path, app=_HashedFiles(self.static / "assets", headers), name=self.name)

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": self.content_security_policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()


class _HashedFiles(CompressedFiles):
    def __init__(self, directory: Path, headers: Mapping[str, str]) -> None:
        super().__init__(directory=directory)
        self._headers = headers

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(self._headers)
        response.headers["Content-Type"] = _MEDIA_TYPES[Path(full_path).suffix]
        return response
