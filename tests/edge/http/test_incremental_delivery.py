"""The items of an answer in parts: in each format they say where they belong, and what failed."""

from typing import Any

import pytest

from linkweave.edge.http.incremental_delivery import IncrementalFormat, IncrementalWriter


def written(wanted: IncrementalFormat, *parts: Any) -> list[Any]:
    writer = IncrementalWriter(wanted)
    return [writer.write(part) for part in parts]


def paths(*parts: Any) -> list[list[list[str | int]]]:
    """The paths of the items of each part, which both formats with paths have."""
    both = written(IncrementalFormat.BOTH, *parts), written(IncrementalFormat.DEFER_2022, *parts)
    found = [[[item["path"] for item in part.get("incremental", [])] for part in each] for each in both]
    assert found[0] == found[1]
    return found[0]


def test_items_that_are_delivered_one_by_one_are_counted() -> None:
    first = {"data": {"list": [0, 1]}, "pending": [{"id": "0", "path": ["list"]}], "hasNext": True}
    later = [{"incremental": [{"id": "0", "items": items}], "hasNext": True} for items in ([2], [3, 4], [5])]
    last = {"completed": [{"id": "0"}], "hasNext": False}
    assert paths(first, *later, last) == [[], [["list", 2]], [["list", 3]], [["list", 5]], []]


def test_a_list_in_an_item_continues_after_the_items_it_had() -> None:
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


ERROR = {"message": "oh", "path": ["account", "links"]}
FRAGMENT_FAILS = (
    {
        "data": {"account": {"key": "a"}},
        "pending": [{"id": "0", "path": ["account"], "label": "late"}],
        "hasNext": True,
    },
    {"completed": [{"id": "0", "errors": [ERROR]}], "hasNext": False},
)
LIST_FAILS = (
    {"data": {"list": [1, 2]}, "pending": [{"id": "0", "path": ["list"]}], "hasNext": True},
    {"completed": [{"id": "0", "errors": [ERROR]}], "hasNext": False},
)
FIELD_FAILS = (
    {"data": {"account": {}}, "pending": [{"id": "0", "path": ["account"], "label": "late"}], "hasNext": True},
    {
        "incremental": [{"id": "0", "data": {"tags": None}, "errors": [ERROR]}],
        "completed": [{"id": "0"}],
        "hasNext": False,
    },
)


@pytest.mark.parametrize(
    ("parts", "item"),
    [
        (FRAGMENT_FAILS, {"path": ["account"], "label": "late", "data": None, "errors": [ERROR]}),
        (LIST_FAILS, {"path": ["list", 2], "items": None, "errors": [ERROR]}),
        (FIELD_FAILS, {"path": ["account"], "label": "late", "data": {"tags": None}, "errors": [ERROR]}),
    ],
)
def test_in_the_format_of_2022_an_item_has_path_label_and_errors_and_no_id(parts: Any, item: Any) -> None:
    first, last = written(IncrementalFormat.DEFER_2022, *parts)
    assert first == {"data": parts[0]["data"], "hasNext": True}
    assert last == {"incremental": [item], "hasNext": False}


@pytest.mark.parametrize("parts", [FRAGMENT_FAILS, LIST_FAILS, FIELD_FAILS])
def test_the_newest_format_is_what_graphql_core_writes(parts: Any) -> None:
    assert written(IncrementalFormat.NEWEST, *parts) == list(parts)


@pytest.mark.parametrize("parts", [FRAGMENT_FAILS, LIST_FAILS, FIELD_FAILS])
def test_a_client_that_names_no_format_gets_the_members_of_both(parts: Any) -> None:
    first, last = written(IncrementalFormat.BOTH, *parts)
    assert first == parts[0]
    assert last["completed"] == parts[1]["completed"]
    (item,) = last["incremental"]
    assert item["id"] == "0"
    assert item["errors"] == [ERROR]
    assert item["path"] == parts[0]["pending"][0]["path"]
    # A client would write a null over what it has.
    assert ("data" in item) is (parts is FIELD_FAILS)
