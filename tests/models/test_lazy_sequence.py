"""Items that are made when they are read."""

import pytest

from linkweave.models import LazySequence


def test_an_item_is_made_once_when_it_is_read_first_however_it_is_read() -> None:
    made: list[int] = []

    def double(row: int) -> int:
        made.append(row)
        return 2 * row

    items = LazySequence(range(5), double)
    assert (len(items), bool(items), made) == (5, True, [])
    assert (items[3], items[-2], made) == (6, 6, [3])
    assert (items[1:4], items[::-2], made) == ((2, 4, 6), (8, 4, 0), [3, 1, 2, 4, 0])
    assert (list(items), 8 in items, len(made)) == ([0, 2, 4, 6, 8], True, 5)
    with pytest.raises(IndexError):
        items[5]


def test_items_equal_those_of_a_tuple() -> None:
    items = LazySequence((1, 2), str)
    assert items == ("1", "2") == items
    assert (items == LazySequence(("1", "2"), str), hash(items)) == (True, hash(("1", "2")))
    assert items != ("1",)
    assert items != "12"


def test_a_row_that_cannot_be_made_now_is_made_later() -> None:
    items = LazySequence(("1", "x"), int)
    for _ in range(2):
        with pytest.raises(ValueError, match="x"):
            items[1]
    assert items[0] == 1
    assert repr(items) == "<1 of 2 items are made>"
