"""Values that may be known before somebody waits for them."""

from linkweave.concurrency.late_value import NOT_KNOWN, LateValue


async def test_a_late_value_is_known_without_a_wait_once_it_is_there_and_can_always_be_awaited() -> None:
    known: list[int] = []

    async def later() -> int:
        return 2

    value = LateValue(lambda: known[0] if known else NOT_KNOWN, later)
    assert value.now() is NOT_KNOWN
    assert await value == 2
    known.append(1)
    assert value.now() == 1
