"""Answers that are kept, bounded by the bytes that they take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from linkweave.concurrency.lru import LruDict
from linkweave.edge.auth.callers import Caller
from linkweave.edge.response_cache.cache_key import Key
from linkweave.edge.response_cache.http_caching import BufferedResponse
from linkweave.observability import OperationRecord

# What an entry takes beside its bytes: objects, dictionaries' places, headers.
OVERHEAD: Final = 3_000
# Requests for one entry that are found without being read, and what each takes.
MAX_REPEATS: Final = 32
REPEAT_BYTES: Final = 1_000
# No answer pushes more than such a part of the others out.
LARGEST_SHARE: Final = 8


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """An answer, and what was noted while it was made."""

    answer: BufferedResponse
    notes: OperationRecord


@dataclass(slots=True, eq=False)
class CachedResponse:
    """An answer to whoever asks the same, from the moment `since` on and before `until`, on the monotonic clock.

    It holds while the generations that it was read under are those in `marks`.
    """

    key: Key
    executed: ExecutionResult
    since: float
    until: float
    marks: Mapping[str, str]
    repeats: list[bytes] = field(default_factory=list)
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class ExactMatch:
    """How the very same request of the same caller was answered from `entry`."""

    entry: CachedResponse
    answer: BufferedResponse
    caller: Caller


class ResponseStore:
    """At most `max_bytes` of entries: what was not asked for longest goes first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._by_words: dict[bytes, ExactMatch] = {}
        self._by_key: dict[Key, CachedResponse] = {}
        # The one that was used last is the last. A key would be hashed anew each time, an entry is not.
        self._by_use: LruDict[CachedResponse, None] = LruDict(max_size=max_bytes)

    @property
    def used_bytes(self) -> int:
        """The bytes that all entries take."""
        return self._by_use.size

    def __len__(self) -> int:
        return len(self._by_key)

    def repeated(self, words: bytes) -> ExactMatch | None:
        """How the request with this digest was answered before."""
        return self._by_words.get(words)

    def find(self, key: Key) -> CachedResponse | None:
        """The entry under `key`."""
        return self._by_key.get(key)

    def used(self, entry: CachedResponse) -> None:
        """Let `entry` be the last to go, unless it went while its marks were looked at."""
        self._by_use.get(entry)

    def keep(self, entry: CachedResponse) -> bool:
        """Keep `entry` in place of what was under its key; says whether it was not too large for that."""
        self._drop_key(entry.key)
        entry.bytes = OVERHEAD + entry.key.size + len(entry.executed.answer.body)
        if entry.bytes * LARGEST_SHARE > self._max_bytes:
            return False
        self._by_key[entry.key] = entry
        self._use(entry)
        return True

    def repeat(self, words: bytes, repeat: ExactMatch) -> None:
        """Find `repeat` by the digest of its request from now on, as long as its entry is kept."""
        entry = repeat.entry
        if self._by_key.get(entry.key) is not entry or words in self._by_words:
            return
        if len(entry.repeats) >= MAX_REPEATS:
            del self._by_words[entry.repeats.pop(0)]
            entry.bytes -= REPEAT_BYTES
        self._by_words[words] = repeat
        entry.repeats.append(words)
        entry.bytes += REPEAT_BYTES
        self._use(entry)

    def drop(self, entry: CachedResponse) -> None:
        """Forget `entry`."""
        if self._by_key.get(entry.key) is entry:
            self._drop_key(entry.key)

    def _drop_key(self, key: Key) -> None:
        entry = self._by_key.pop(key, None)
        if entry is not None:
            self._by_use.pop(entry)
            for words in entry.repeats:
                del self._by_words[words]

    def _use(self, entry: CachedResponse) -> None:
        for displaced in self._by_use.put(entry, None, entry.bytes):
            self._drop_key(displaced.key)
