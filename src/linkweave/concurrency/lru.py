"""A mapping of bounded size that drops the least recently used entries."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from math import inf
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LruDict(Generic[K, V]):
    """Holds at most `max_entries`, of together at most `max_size`. The entry that was used longest ago goes first.

    cachetools has one bound, knows sizes of values without their keys, and does not tell what it dropped.
    """

    __slots__ = ("_entries", "_max_entries", "_max_size", "size")

    def __init__(self, *, max_entries: float = inf, max_size: float = inf) -> None:
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._max_entries = max_entries
        self._max_size = max_size
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[K]:
        """The keys, in the order in which they would be dropped."""
        return iter(self._entries)

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def get(self, key: K) -> V | None:
        """Returns the value of `key`, or None; this uses the entry."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def peek(self, key: K) -> V | None:
        """Returns the value of `key`, or None; this does not use the entry."""
        entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def put(self, key: K, value: V, size: int = 1) -> Sequence[K]:
        """Stores `value` in place of what was under `key`, and returns the keys of the entries that it displaced.

        An entry that alone is larger than `max_size` is not stored: then `key` is the only one of them.
        """
        self.pop(key)
        if size > self._max_size:
            return [key]
        self._entries[key] = value, size
        self.size += size
        displaced = []
        while self.size > self._max_size or len(self._entries) > self._max_entries:
            oldest, (_, oldest_size) = self._entries.popitem(last=False)
            self.size -= oldest_size
            displaced.append(oldest)
        return displaced

    def pop(self, key: K) -> V | None:
        """Removes `key`. Returns its value, or None."""
        entry = self._entries.pop(key, None)
        if entry is None:
            return None
        self.size -= entry[1]
        return entry[0]
