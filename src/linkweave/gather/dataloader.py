"""DataLoaders as gather sees them: keys that are wanted at the same moment are loaded in one batch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

K_contra = TypeVar("K_contra", contravariant=True)
V_co = TypeVar("V_co", covariant=True)
T = TypeVar("T")


class Loader(Protocol[K_contra, V_co]):
    """Collects the keys that are wanted at the same moment, and loads them together, each at most once."""

    def load(self, key: K_contra) -> Awaitable[V_co]:
        """Returns the value of `key`."""
        ...


class LoaderFactory(Protocol):
    """Makes a loader of a function that loads many keys.

    The function returns one value or exception per key, in the order of the keys.
    """

    def __call__(self, load_fn: Callable[[list[Any]], Awaitable[Sequence[Any]]]) -> Loader[Any, Any]:
        """Returns a loader that calls `load_fn`."""
        ...


async def wait_shielded(answer: Awaitable[T]) -> T:
    """Waits for an answer that other tasks may wait for too: cancelling this waiter does not cancel the answer.

    GraphQL cancels sibling fields when a field that may not be null fails.
    """
    is_done = isinstance(answer, asyncio.Future) and answer.done()
    return await (answer if is_done else asyncio.shield(answer))
