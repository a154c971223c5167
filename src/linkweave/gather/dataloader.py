"""Wanting the same or like things at the same moment, and getting them together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

K_contra = TypeVar("K_contra", contravariant=True)
V_co = TypeVar("V_co", covariant=True)
T = TypeVar("T")


class Loader(Protocol[K_contra, V_co]):
    """Collects keys that are wanted at the same moment and loads them together, each at most once."""

    def load(self, key: K_contra) -> Awaitable[V_co]:
        """The value of `key`."""
        ...


class LoaderFactory(Protocol):
    """Makes a loader of a function that loads many keys: one value or exception per key, in their order."""

    def __call__(self, load_fn: Callable[[list[Any]], Awaitable[Sequence[Any]]]) -> Loader[Any, Any]:
        """A loader that calls `load_fn`."""
        ...


async def wait_shielded(answer: Awaitable[T]) -> T:
    """Wait for an answer that others may wait for too: if this waiter is cancelled, they are not.

    GraphQL cancels the fields beside one that failed where it may not be null.
    """
    return await asyncio.shield(answer)
