"""Cutting work into the portions that vendors take."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`items` in order, at most `size` at a time. itertools.batched does this from Python 3.12 on."""
    return (items[at : at + size] for at in range(0, len(items), size))
