"""Paths of pieces of an answer, where the demo's data has no such lists."""

from typing import Any

import orjson

from linkweave.edge.http.incremental_delivery import PathAddingTransport


def paths(*parts: Any) -> list[list[list[str | int]]]:
    """The paths of the pieces of each part, as written."""
    writer, found = PathAddingTransport(), []
    for part in parts:
        written = writer.encode_multipart_data(part, lambda data: orjson.dumps(data).decode())
        _, _, body = written.partition("\r\n\r\n")
        assert written.endswith("\r\n---")
        content = orjson.loads(body.removesuffix("\r\n---"))
        found.append([piece["path"] for piece in content.get("incremental", [])])
    return found


def test_items_that_come_one_by_one_are_counted() -> None:
    first = {"data": {"list": [0, 1]}, "pending": [{"id": "0", "path": ["list"]}], "hasNext": True}
    later = [{"incremental": [{"id": "0", "items": items}], "hasNext": True} for items in ([2], [3, 4], [5])]
    last = {"completed": [{"id": "0"}], "hasNext": False}
    assert paths(first, *later, last) == [[], [["list", 2]], [["list", 3]], [["list", 5]], []]


def test_a_list_within_an_item_starts_where_the_item_left_it() -> None:
    pending = [{"id": "1", "path": ["list", 1, "inner"]}, {"id": "2", "path": ["list", 2, "inner"]}]
    parts = [
        {"data": {"list": [{}]}, "pending": [{"id": "0", "path": ["list"]}], "hasNext": True},
        {
            "pending": pending,
            "incremental": [{"id": "0", "items": [{"inner": [1, 2, 3]}, {"inner": []}]}],
            "completed": [{"id": "0"}],
            "hasNext": True,
        },
        {"incremental": [{"id": "2", "items": ["x"]}, {"id": "1", "items": ["y"]}], "hasNext": False},
    ]
    assert paths(*parts) == [[], [["list", 1]], [["list", 2, "inner", 0], ["list", 1, "inner", 3]]]


def test_a_piece_of_a_fragment_within_another_has_its_whole_path() -> None:
    parts = [
        {"data": {"a": {"b": {}}}, "pending": [{"id": "0", "path": ["a"]}], "hasNext": True},
        {"incremental": [{"id": "0", "subPath": ["b"], "data": {"c": 1}}, {"id": "0", "data": {"d": 1}}]},
    ]
    assert paths(*parts) == [[], [["a", "b"], ["a"]]]


def test_a_list_that_became_null_has_no_length() -> None:
    parts = [
        {"data": None, "errors": [], "pending": [{"id": "0", "path": ["a", "list"]}], "hasNext": True},
        {"incremental": [{"id": "0", "items": [1]}], "hasNext": False},
    ]
    assert paths(*parts) == [[], [["a", "list", 0]]]
