"""Writes to several things: in groups, one call after the other."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from linkweave.errors import UnavailableError, VendorError
from linkweave.providers.base import Adapter
from linkweave.providers.single_reads import FIRST_CALLS

Item = TypeVar("Item")
Key = TypeVar("Key")
Result = TypeVar("Result")


def chunks(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """`items` in groups of at most `size`."""
    rest = list(items)
    for start in range(0, len(rest), size):
        yield tuple(rest[start : start + size])


async def write_in_turn(
    adapter: Adapter,
    operation: str,
    groups: Iterable[tuple[Key, ...]],
    write: Callable[[tuple[Key, ...]], Awaitable[Sequence[Result | VendorError]]],
) -> dict[Key, Result | VendorError]:
    """The result of each key, group after group; `write` makes the call of a group and returns a result per key.

    A call that fails is the result of all its keys. After several failures in a row nothing more is sent.
    """
    results: dict[Key, Result | VendorError] = {}
    failures = 0
    for keys in groups:
        outcome: Sequence[Result | VendorError]
        if failures == FIRST_CALLS:
            problem = f"was not called, because its last {FIRST_CALLS} calls failed"
            outcome = [adapter.error(UnavailableError, problem, operation)] * len(keys)
        else:
            try:
                outcome, failures = await write(keys), 0
            except VendorError as error:
                outcome, failures = [error] * len(keys), failures + 1
        results |= zip(keys, outcome, strict=True)
    return results


def or_raise(result: Result | VendorError) -> Result:
    """The result of a single write.

    Raises:
        VendorError: the result is one.
    """
    if isinstance(result, VendorError):
        raise result
    return result
