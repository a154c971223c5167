"""Stores responses, bounded by the bytes that they take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from linkweave.concurrency.lru import LruDict
from linkweave.edge.auth.callers import Caller
from linkweave.edge.response_cache.cache_key import CacheKey
from linkweave.edge.response_cache.http_caching import BufferedResponse
from linkweave.observability import OperationRecord

# Bytes that a response takes besides its body: objects, headers, its places in dictionaries.
RESPONSE_OVERHEAD_BYTES: Final = 3_000
# Maximum number of exact matches of one response, and the bytes that each takes.
MAX_EXACT_MATCHES: Final = 32
EXACT_MATCH_BYTES: Final = 1_000
# A response is stored only if this number of its size would fit: no single one displaces most others.
MIN_CAPACITY: Final = 8


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """A response, and the record of the operation that made it."""

    response: BufferedResponse
    record: OperationRecord


@dataclass(slots=True, eq=False)
class CachedResponse:
    """A response to every request with `key`, from `stored_at` until before `expires_at`, on the monotonic clock.

    It is valid as long as the accounts that it was made from have the cache versions in `versions`.
    """

    key: CacheKey
    result: ExecutionResult
    stored_at: float
    expires_at: float
    versions: Mapping[str, str]
    digests: list[bytes] = field(default_factory=list)
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class ExactMatch:
    """How the very same request of the same caller was answered from `cached`.

    `head` is the response's headers as lines of HTTP/1.1, where a connection sends them.
    """

    cached: CachedResponse
    response: BufferedResponse
    caller: Caller
    head: bytes = b""


class ResponseStore:
    """Holds at most `max_bytes` of responses: the one that was used longest ago goes first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._by_digest: dict[bytes, ExactMatch] = {}
        self._by_key: dict[CacheKey, CachedResponse] = {}
        # Ordered by responses and not by keys: the hash of a key would be computed again at each use.
        self._by_use: LruDict[CachedResponse, None] = LruDict(max_size=max_bytes)

    @property
    def used_bytes(self) -> int:
        """The bytes that all responses take."""
        return self._by_use.size

    def __len__(self) -> int:
        return len(self._by_key)

    def find_exact(self, digest: bytes) -> ExactMatch | None:
        """Returns how the request with this digest was answered before."""
        return self._by_digest.get(digest)

    def find(self, key: CacheKey) -> CachedResponse | None:
        """Returns the response to requests with `key`."""
        return self._by_key.get(key)

    def mark_used(self, cached: CachedResponse) -> None:
        """Let `cached` be the last to be displaced. Does nothing if it has been dropped meanwhile."""
        self._by_use.get(cached)

    def put(self, cached: CachedResponse) -> bool:
        """Store `cached` in place of the response with its key. Returns False if it is too large."""
        self._drop_key(cached.key)
        cached.bytes = _size(cached)
        if cached.bytes * MIN_CAPACITY > self._max_bytes:
            return False
        self._by_key[cached.key] = cached
        self._use(cached)
        return True

    def put_exact(self, digest: bytes, match: ExactMatch) -> None:
        """Let `find_exact` return `match` for the digest of its request, as long as its response is stored."""
        cached = match.cached
        if self._by_key.get(cached.key) is not cached or digest in self._by_digest:
            return
        if len(cached.digests) >= MAX_EXACT_MATCHES:
            del self._by_digest[cached.digests.pop(0)]
        self._by_digest[digest] = match
        cached.digests.append(digest)
        self._resize(cached)

    def count_compressed(self, key: CacheKey) -> None:
        """Count the bytes of the compressed bodies that the response with `key` has now."""
        cached = self._by_key.get(key)
        if cached is not None:
            self._resize(cached)

    def drop(self, cached: CachedResponse) -> None:
        """Remove `cached`, with its exact matches."""
        if self._by_key.get(cached.key) is cached:
            self._drop_key(cached.key)

    def _drop_key(self, key: CacheKey) -> None:
        cached = self._by_key.pop(key, None)
        if cached is not None:
            self._by_use.pop(cached)
            for digest in cached.digests:
                del self._by_digest[digest]

    def _resize(self, cached: CachedResponse) -> None:
        cached.bytes = _size(cached)
        self._use(cached)

    def _use(self, cached: CachedResponse) -> None:
        for displaced in self._by_use.put(cached, None, cached.bytes):
            self._drop_key(displaced.key)


def _size(cached: CachedResponse) -> int:
    response = cached.result.response
    bodies = len(response.body) + sum(map(len, response.compressed.values()))
    return RESPONSE_OVERHEAD_BYTES + cached.key.size + bodies + EXACT_MATCH_BYTES * len(cached.digests)
