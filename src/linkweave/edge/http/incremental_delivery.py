"""The parts of an answer that is delivered incrementally, in a form that clients of both formats read.

graphql-core writes today's format, in which an id says where a part belongs. The `path` that each part has here as well
is for clients that know only the format of 2022; other clients ignore it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from strawberry.http.streaming import JSONEncoder, MultipartTransport

Path: TypeAlias = Sequence[str | int]


class PathAddingTransport(MultipartTransport):
    """Writes the parts of one answer, each with its path."""

    def __init__(self) -> None:
        super().__init__()
        # For each pending part by its id: where it belongs, and the number of items of its list so far.
        self._paths: dict[str, Path] = {}
        self._lengths: dict[str, int] = {}

    def encode_multipart_data(self, data: object, encode_json: JSONEncoder) -> str:
        """Returns a part with the boundary that ends it, so that a reader need not wait for the next part."""
        return super().encode_multipart_data(self._with_paths(data), encode_json)

    def _with_paths(self, part: Any) -> dict[str, Any]:
        self._paths |= {each["id"]: each["path"] for each in part.get("pending", ())}
        if "data" in part:
            self._measure_lists([], part["data"])
        written = dict(part)
        if "incremental" in part:
            written["incremental"] = [self._with_path(piece) for piece in part["incremental"]]
        for each in part.get("completed", ()):
            self._paths.pop(each["id"], None)
            self._lengths.pop(each["id"], None)
        return written

    def _with_path(self, piece: Mapping[str, Any]) -> dict[str, Any]:
        """Returns `piece` with its path; that of items is the path of the first one."""
        piece_id = piece["id"]
        path = [*self._paths[piece_id], *piece.get("subPath", ())]
        if "items" not in piece:
            self._measure_lists(path, piece["data"])
            return {**piece, "path": path}
        first = self._lengths.get(piece_id, 0)
        self._lengths[piece_id] = first + len(piece["items"])
        for index, item in enumerate(piece["items"], first):
            self._measure_lists([*path, index], item)
        return {**piece, "path": [*path, first]}

    def _measure_lists(self, at: Path, data: Any) -> None:
        """Note the length of every list in `data`, which belongs at the path `at`, that later parts will extend."""
        for piece_id, path in self._paths.items():
            if piece_id not in self._lengths and list(path[: len(at)]) == at:
                found = _value_at(data, path[len(at) :])
                if isinstance(found, list):
                    self._lengths[piece_id] = len(found)


def _value_at(data: Any, path: Path) -> Any:
    """Returns what is at `path` in `data`; None if there is nothing yet."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
