"""Reads of one thing per call: the first failure is raised as it is."""

import pytest

from linkweave.context.cache_alone import NotCachedError
from linkweave.errors import UnavailableError
from linkweave.providers.single_reads import read_each


async def test_results_are_in_the_order_of_the_items() -> None:
    async def read(item: int) -> int:
        return -item

    assert await read_each(range(9), read) == [-item for item in range(9)]


@pytest.mark.parametrize(
    "error", [NotCachedError(), UnavailableError("is down", account="a", operation="read links"), KeyError("a mistake")]
)
async def test_the_first_failure_is_raised_as_it_is(error: Exception) -> None:
    async def read(item: int) -> int:
        if item > 0:
            raise error
        return item

    with pytest.raises(type(error)) as caught:
        await read_each(range(9), read)
    assert caught.value is error
