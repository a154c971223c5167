"""However a vendor pages, following its tokens reads every row once and comes to an end."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.providers.paging import (
    MAX_PAGES,
    EndlessListError,
    PageNumber,
    next_after_last,
    next_offset,
    read_all_pages,
)

SIZE = 5
counts = st.integers(min_value=0, max_value=40)


@given(count=counts, tells_total=st.booleans())
def test_offsets_read_every_row_once(count: int, tells_total: bool) -> None:
    async def read(token: str | None) -> tuple[list[int], str | None]:
        offset = int(token or 0)
        rows = list(range(count))[offset : offset + SIZE]
        return rows, next_offset(offset, len(rows), count if tells_total else None)

    assert asyncio.run(read_all_pages(read)) == tuple(range(count))


@given(count=counts, tells_total=st.booleans(), first=st.integers(0, 1))
def test_page_numbers_read_every_row_once(count: int, tells_total: bool, first: int) -> None:
    async def read(token: str | None) -> tuple[list[int], str | None]:
        at = PageNumber.parse(token, first)
        start = (at.number - first) * SIZE
        rows = list(range(count))[start : start + SIZE]
        assert at.seen == start or not rows
        return rows, at.next(len(rows), SIZE, count if tells_total else None)

    assert asyncio.run(read_all_pages(read)) == tuple(range(count))


@given(count=counts)
def test_tokens_of_the_last_row_read_every_row_once(count: int) -> None:
    async def read(token: str | None) -> tuple[list[int], str | None]:
        after = -1 if token is None else int(token)
        rows = [row for row in range(count) if row > after][:SIZE]
        return rows, next_after_last(rows, SIZE, str)

    assert asyncio.run(read_all_pages(read)) == tuple(range(count))


@pytest.mark.parametrize(
    ("token", "got", "total", "after"),
    [
        (None, 5, 5, "2.5.5"),  # a vendor may count the page here
        ("2.5", 5, 10, None),
        ("2.5", 5, 11, "3.10.11"),
        ("2.5.12", 3, 11, "3.8.11"),
        ("2.5", 3, None, None),
        ("2.5", 0, 11, None),
    ],
)
def test_a_page_number_ends_where_the_total_or_the_page_says_so(
    token: str | None, got: int, total: int | None, after: str | None
) -> None:
    assert PageNumber.parse(token).next(got, SIZE, total) == after


async def test_a_list_without_an_end_is_given_up() -> None:
    pages = 0

    async def read(_: str | None) -> tuple[list[int], str | None]:
        nonlocal pages
        pages += 1
        return [1], "more"

    with pytest.raises(EndlessListError):
        await read_all_pages(read)
    assert pages == MAX_PAGES
