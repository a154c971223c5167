"""The parts of an answer that comes in several, in words that clients of both formats read.

graphql-core writes the format of today, in which a piece says by an id where it belongs. The `path` that each piece has
here besides is for clients that know the format of 2022 only; others do not look at it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from strawberry.http.streaming import JSONEncoder, MultipartTransport

Path: TypeAlias = Sequence[str | int]


class PlacedParts(MultipartTransport):
    """Writes one answer."""

    def __init__(self) -> None:
        super().__init__()
        # Of what is still to come: where it belongs, and how many items of a list have come.
        self._paths: dict[str, Path] = {}
        self._lengths: dict[str, int] = {}

    def encode_multipart_data(self, data: object, encode_json: JSONEncoder) -> str:
        """A part of the answer with the boundary that ends it, so that readers need not wait for the next one."""
        return super().encode_multipart_data(self._placed(data), encode_json)

    def _placed(self, part: Any) -> dict[str, Any]:
        self._paths |= {each["id"]: each["path"] for each in part.get("pending", ())}
        if "data" in part:
            self._measure([], part["data"])
        placed = dict(part)
        if "incremental" in part:
            placed["incremental"] = [self._located(piece) for piece in part["incremental"]]
        for each in part.get("completed", ()):
            self._paths.pop(each["id"], None)
            self._lengths.pop(each["id"], None)
        return placed

    def _located(self, piece: Mapping[str, Any]) -> dict[str, Any]:
        """`piece` with its path, which for items is that of the first of them."""
        name = piece["id"]
        path = [*self._paths[name], *piece.get("subPath", ())]
        if "items" not in piece:
            self._measure(path, piece["data"])
            return {**piece, "path": path}
        first = self._lengths.get(name, 0)
        self._lengths[name] = first + len(piece["items"])
        for place, item in enumerate(piece["items"], first):
            self._measure([*path, place], item)
        return {**piece, "path": [*path, first]}

    def _measure(self, place: Path, data: Any) -> None:
        """Note how much there is, in the `data` at `place`, of lists whose further items will come."""
        for name, path in self._paths.items():
            if name not in self._lengths and list(path[: len(place)]) == place:
                found = _at(data, path[len(place) :])
                if isinstance(found, list):
                    self._lengths[name] = len(found)


def _at(data: Any, path: Path) -> Any:
    """What is at `path` in `data`; None where nothing is yet."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
