"""Answers are read field by field: a wrong field costs the field, and a row that cannot do without it costs the row."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, create_model

from harness.odd_answers import replaced, value_paths
from linkweave.models.left_out import LeftOut
from linkweave.providers.tolerant_reader import MAX_ERRORS, MAX_PASSES, UnreadableError, read_tolerantly
from linkweave.providers.wire import Count, Day, Moment, OptionalUrl, Text, TolerantWire, WebUrl, Wire


class Picture(Wire):
    url: WebUrl
    size: Count | None = None


class Row(Wire):
    slug: Text = Field(alias="hash")
    target: WebUrl
    clicks: Count | None = None
    made: Moment | None = None
    picture: Picture | None = None
    tags: tuple[str, ...] = ()
    daily: dict[Day, Count] = Field(default_factory=dict)
    either: Count | Picture | None = None


class Answer(TolerantWire):
    rows: tuple[Row, ...]
    total: Count | None = None


ROW: dict[str, Any] = {
    "hash": "a",
    "target": "https://www.example.com/a",
    "clicks": 5,
    "made": "2026-11-20T10:30:00Z",
    "picture": {"url": "https://www.example.com/a.png", "size": 9},
    "tags": ["red", "blue"],
    "daily": {"2026-11-20": 3, "2026-11-21": 2},
    "either": {"url": "https://www.example.com/b.png"},
}
DOCUMENTED: dict[str, Any] = {
    "rows": [ROW, {**ROW, "hash": "b"}, {"hash": "c", "target": "http://x.example"}],
    "total": 3,
}


def read(data: object) -> Answer:
    return read_tolerantly(Answer, data)


def changed(**values: object) -> dict[str, Any]:
    """The documented answer, with the second row changed."""
    rows = [DOCUMENTED["rows"][0], {**DOCUMENTED["rows"][1], **values}, DOCUMENTED["rows"][2]]
    return {**DOCUMENTED, "rows": rows}


def test_a_documented_answer_is_read_whole() -> None:
    answer = read(DOCUMENTED)
    assert [row.slug for row in answer.rows] == ["a", "b", "c"]
    assert answer.total == 3
    assert not answer.left_out
    assert answer.left_out.notice is None


@pytest.mark.parametrize(
    ("values", "lost", "left"),
    [
        ({"clicks": "many"}, "rows.clicks", {"clicks": None}),
        ({"clicks": -1}, "rows.clicks", {"clicks": None}),
        ({"made": "0000-00-00 00:00:00"}, "rows.made", {"made": None}),
        ({"made": ""}, "rows.made", {"made": None}),
        ({"picture": []}, "rows.picture", {"picture": None}),
        ({"picture": {"url": "nowhere"}}, "rows.picture", {"picture": None}),
        (
            {"picture": {"url": "https://x.example", "size": []}},
            "rows.picture.size",
            {"picture": Picture(url="https://x.example")},
        ),
        ({"tags": {}}, "rows.tags", {"tags": ()}),
        ({"daily": {"someday": 1, "2026-11-22": 4}}, "rows.daily.someday", {"daily": {date(2026, 11, 22): 4}}),
        ({"either": "x"}, "rows.either", {"either": None}),
    ],
)
def test_a_wrong_field_costs_the_field_alone(values: dict[str, object], lost: str, left: dict[str, object]) -> None:
    answer = read(changed(**values))
    assert [row.slug for row in answer.rows] == ["a", "b", "c"]
    assert answer.left_out == LeftOut(fields={lost: answer.left_out.fields[lost]})
    for name, value in left.items():
        assert getattr(answer.rows[1], name) == value
    assert answer.rows[1].target == ROW["target"]


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        ({"hash": ""}, "rows.hash"),
        ({"hash": None}, "rows.hash"),
        ({"hash": []}, "rows.hash"),
        ({"target": "/a"}, "rows.target"),
        ({"target": "https://"}, "rows.target"),
    ],
)
def test_a_row_without_a_field_that_it_needs_is_lost_and_counted(values: dict[str, object], cause: str) -> None:
    answer = read(changed(**values))
    assert [row.slug for row in answer.rows] == ["a", "c"]
    assert answer.left_out == LeftOut(rows={cause: 1})
    assert answer.left_out.notice == f"1 entry was left out, because these fields could not be read: {cause}."


@pytest.mark.parametrize("row", [None, 5, "text", [], {}, {"hash": "x"}])
def test_what_is_no_row_at_all_is_lost_and_counted(row: object) -> None:
    answer = read({**DOCUMENTED, "rows": [row, ROW, row]})
    assert [each.slug for each in answer.rows] == ["a"]
    assert sum(answer.left_out.rows.values()) == 2
    assert (answer.left_out.notice or "").startswith("2 entries were left out")


@pytest.mark.parametrize("data", [None, 5, "text", [], {}, {"rows": None}, {"rows": {}}, {"rows": 5}, {"row": []}])
def test_what_is_not_the_documented_thing_is_unreadable_as_a_whole(data: object) -> None:
    with pytest.raises(UnreadableError):
        read(data)


def test_too_many_wrong_values_make_an_answer_unreadable() -> None:
    with pytest.raises(UnreadableError):
        read({"rows": [None] * (MAX_ERRORS + 1)})
    assert read({"rows": [None] * 1_000}).rows == ()


def nested(depth: int) -> type[Wire]:
    """A model that holds another one, and so on; each needs what it holds."""
    if depth == 0:
        return create_model("Innermost", __base__=Wire, size=(Count, ...))
    return create_model(f"Nested{depth}", __base__=Wire, inner=(nested(depth - 1), ...))


@pytest.mark.parametrize(("depth", "is_read"), [(3, True), (MAX_PASSES, False)])
def test_an_answer_is_checked_a_limited_number_of_times(depth: int, is_read: bool) -> None:
    model = create_model("Deep", __base__=TolerantWire, rows=(tuple[nested(depth), ...], ...))  # type: ignore[arg-type,misc] # made for this test
    row: dict[str, object] = {"size": "wrong"}
    for _ in range(depth):
        row = {"inner": row}
    if is_read:
        assert read_tolerantly(model, {"rows": [row]}).left_out.row_count == 1
    else:
        with pytest.raises(UnreadableError):
            read_tolerantly(model, {"rows": [row]})


class Wrapped(Answer):
    """An answer whose rows some servers wrap in an object."""

    @classmethod
    def prepare(cls, data: object) -> object:
        rows = data.get("rows") if isinstance(data, dict) else None
        return {**data, "rows": rows["list"]} if isinstance(data, dict) and isinstance(rows, dict) else data


def test_an_answer_can_be_put_into_its_shape_before_it_is_read() -> None:
    data = {"rows": {"list": [ROW, None]}}
    answer = read_tolerantly(Wrapped, data)
    assert ([row.slug for row in answer.rows], answer.left_out.row_count) == (["a"], 1)
    assert data == {"rows": {"list": [ROW, None]}}


def test_losses_of_several_pages_add_up() -> None:
    one = read({"rows": [{**ROW, "hash": ""}, {**ROW, "clicks": "x"}]}).left_out
    both = one + read({"rows": [{**ROW, "hash": ""}, {}]}).left_out
    assert both == LeftOut(rows={"rows.hash": 3}, fields={"rows.clicks": 1})
    assert one + LeftOut() is one


def test_neither_values_nor_strange_keys_are_part_of_what_is_reported() -> None:
    left_out = read(changed(daily={"a secret": 1}, clicks="another secret")).left_out
    assert left_out == LeftOut(fields={"rows.daily.*": 1, "rows.clicks": 1})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(path=st.sampled_from([path for path in value_paths(DOCUMENTED) if path not in {(), ("rows",)}]), value=JSON)
def test_any_value_in_the_place_of_another_costs_its_own_row_at_most(path: tuple[Any, ...], value: object) -> None:
    data = replaced(DOCUMENTED, path, value)
    before = json.dumps(data)
    answer = read(data)
    kept = {row.slug: row for row in answer.rows}
    whole = {row.slug: row for row in read(DOCUMENTED).rows}
    hurt = None if path[0] == "total" else [*"abc"][path[1]]
    assert all(kept[slug] == row for slug, row in whole.items() if slug != hurt)
    assert len(answer.rows) >= len(whole) - 1
    assert len(answer.rows) == len(whole) or sum(answer.left_out.rows.values()) == 1
    assert json.dumps(data) == before


@given(rows=st.lists(JSON | st.just(ROW), max_size=6))
def test_no_list_of_rows_is_unreadable(rows: list[object]) -> None:
    answer = read({"rows": rows})
    assert len(answer.rows) + sum(answer.left_out.rows.values()) == len(rows)


@given(data=JSON)
def test_nothing_else_than_unreadable_comes_of_any_answer(data: object) -> None:
    with pytest.raises(UnreadableError):
        read(data)


def test_an_address_is_kept_or_none() -> None:
    class Linked(TolerantWire):
        url: OptionalUrl = None

    told = [read_tolerantly(Linked, {"url": url}).url for url in ("https://x.example/a", "", "/a", 5, "http://x y")]
    assert told == ["https://x.example/a", None, None, None, None]
