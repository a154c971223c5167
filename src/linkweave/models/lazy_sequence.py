"""A sequence whose items are made when they are first read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar, overload

Item = TypeVar("Item")


class LazySequence(Sequence[Item]):
    """Makes each item of a row, when the item is first read.

    A row is dropped when its item is made. All readers get the same item. It equals every sequence of equal items.
    """

    __slots__ = ("_is_made", "_items", "_make")

    def __init__(self, rows: Iterable[Any], make: Callable[[Any], Item]) -> None:
        self._items: list[Any] = list(rows)
        self._is_made = bytearray(len(self._items))
        self._make = make

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(index, slice):
            self._make_all(range(*index.indices(len(self._items))))
            return tuple(self._items[index])
        if not self._is_made[index]:
            self._make_item(index)
        item: Item = self._items[index]
        return item

    def __iter__(self) -> Iterator[Item]:
        self._make_all(range(len(self._items)))
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | LazySequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{sum(self._is_made)} of {len(self._items)} items are made>"

    def _make_all(self, indexes: range) -> None:
        for index in indexes:
            if not self._is_made[index]:
                self._make_item(index)

    def _make_item(self, index: int) -> None:
        self._items[index] = self._make(self._items[index])
        self._is_made[index] = True
