"""Static files, compressed for clients that accept it."""

import os
from typing import Final

import anyio
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from linkweave.edge.http.content_encoding import accepted_encoding, compress

# Fonts and images of other kinds are compressed by themselves.
_COMPRESSIBLE: Final = (".css", ".js", ".svg")
_OF_FILE: Final = frozenset({"content-length", "etag", "accept-ranges"})


class CompressedFiles(StaticFiles):
    """Serves the files of a directory. Each encoding of a file is made once, and kept."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(directory=directory)
        self._compressed: dict[tuple[str, str], bytes] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Returns the file at `path`, or why there is none."""
        response = await super().get_response(path, scope)
        if not path.endswith(_COMPRESSIBLE):
            return response
        response.headers["Vary"] = "Accept-Encoding"
        encoding = accepted_encoding(scope)
        asks_for_part = any(name == b"range" for name, _ in scope["headers"])
        if encoding is None or asks_for_part or not isinstance(response, FileResponse):
            return response
        body = self._compressed.get((path, encoding))
        if body is None:
            body = await compress(await anyio.Path(response.path).read_bytes(), encoding)
            self._compressed[path, encoding] = body
        kept = {name: value for name, value in response.headers.items() if name not in _OF_FILE}
        etag = response.headers["etag"].removeprefix("W/")
        added = {"content-encoding": encoding, "content-length": str(len(body)), "etag": f"W/{etag}"}
        return Response(body if scope["method"] == "GET" else b"", headers={**kept, **added})
