"""The parts of an answer that is delivered incrementally, in the format that the client's `Accept` header names.

graphql-core writes the newest format: an id says where a part belongs, and `completed` has the errors of a part that
failed as a whole. In the format of 2022, each item has its own path and label, and its errors.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, TypeAlias

Path: TypeAlias = Sequence[str | int]


class IncrementalFormat(Enum):
    """A format of incremental delivery. The value is the parameter of `multipart/mixed` that names it."""

    # The newest one, as graphql-core 3.3 and graphql.js 17 write it. Apollo Client 4 names it so.
    NEWEST = "incrementalSpec=v0.2"
    # Apollo Client 3 and 4 name it so; relay-runtime needs it too.
    DEFER_2022 = "deferSpec=20220824"
    # The newest one with the paths, labels and errors of 2022: for clients such as urql and GraphiQL that name none.
    BOTH = ""

    @property
    def content_type(self) -> str:
        """The media type of an answer in this format."""
        return 'multipart/mixed; boundary="-"' + (f"; {self.value}" if self.value else "")


class IncrementalWriter:
    """Writes the parts of one answer in one format, in the order in which graphql-core makes them."""

    def __init__(self, wanted: IncrementalFormat) -> None:
        self._format = wanted
        # For each pending part by its id: its path and label, and the number of items of its list so far.
        self._places: dict[str, dict[str, Any]] = {}
        self._lengths: dict[str, int] = {}

    def write(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the part in the format of this answer."""
        if self._format is IncrementalFormat.NEWEST:
            return dict(part)
        for each in part.get("pending", ()):
            self._places[each["id"]] = {name: each[name] for name in ("path", "label") if name in each}
        if "data" in part:
            self._measure_lists([], part["data"])
        items = [self._item(piece) for piece in part.get("incremental", ())]
        items += [self._failed_item(each) for each in part.get("completed", ()) if "errors" in each]
        for each in part.get("completed", ()):
            self._places.pop(each["id"], None)
            self._lengths.pop(each["id"], None)
        dropped = {"incremental"} if self._format is IncrementalFormat.BOTH else {"incremental", "pending", "completed"}
        kept = {name: value for name, value in part.items() if name not in dropped}
        return {**kept, "incremental": items} if items else kept

    def _item(self, piece: Mapping[str, Any]) -> dict[str, Any]:
        """Returns `piece` with its label and its path; that of list items is the path of the first one."""
        piece_id = piece["id"]
        place = self._places[piece_id]
        path = [*place["path"], *piece.get("subPath", ())]
        if "items" in piece:
            first = self._lengths.get(piece_id, 0)
            self._lengths[piece_id] = first + len(piece["items"])
            for index, item in enumerate(piece["items"], first):
                self._measure_lists([*path, index], item)
            path = [*path, first]
        else:
            self._measure_lists(path, piece["data"])
        return {**self._without_ids(piece), **place, "path": path}

    def _failed_item(self, completed: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the item of a part that failed as a whole.

        The format of 2022 has null in place of its data. urql would write that null over what it has, so it gets the
        errors only.
        """
        piece_id, place = completed["id"], self._places[completed["id"]]
        item = {**self._without_ids(completed), **place}
        if self._format is IncrementalFormat.BOTH:
            return item
        if piece_id in self._lengths:
            return {**item, "items": None, "path": [*place["path"], self._lengths[piece_id]]}
        return {**item, "data": None}

    def _without_ids(self, piece: Mapping[str, Any]) -> dict[str, Any]:
        if self._format is IncrementalFormat.BOTH:
            return dict(piece)
        return {name: value for name, value in piece.items() if name not in {"id", "subPath"}}

    def _measure_lists(self, at: Path, data: Any) -> None:
        """Note the length of every list in `data`, which belongs at the path `at`, that later parts will extend."""
        for piece_id, place in self._places.items():
            path = place["path"]
            if piece_id not in self._lengths and list(path[: len(at)]) == list(at):
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
