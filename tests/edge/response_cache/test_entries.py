"""Responses never take more memory than the limit: the one that was used longest ago goes first."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkweave.edge.auth.callers import ANONYMOUS
from linkweave.edge.response_cache.cache_key import CacheKey
from linkweave.edge.response_cache.entries import (
    MAX_EXACT_MATCHES,
    MIN_CAPACITY,
    CachedResponse,
    ExactMatch,
    ExecutionResult,
    ResponseStore,
)
from linkweave.edge.response_cache.entries import (
    RESPONSE_OVERHEAD_BYTES as OVERHEAD,
)
from linkweave.edge.response_cache.http_caching import BufferedResponse
from linkweave.observability import OperationRecord

ROOM = 10 * OVERHEAD * MIN_CAPACITY


def key(name: str) -> CacheKey:
    return CacheKey(None, None, name.encode(), None, b"", b"")


def entry(name: str, size: int = 0) -> CachedResponse:
    return CachedResponse(
        key(name), ExecutionResult(BufferedResponse(200, (), b"x" * size), OperationRecord()), 0.0, 60.0, {}
    )


def repeat(entry: CachedResponse) -> ExactMatch:
    return ExactMatch(entry, entry.result.response, ANONYMOUS)


def full() -> ResponseStore:
    entries = ResponseStore(ROOM)
    for number in range(MIN_CAPACITY):
        assert entries.put(entry(str(number), 9 * OVERHEAD - 1))
    assert len(entries) == MIN_CAPACITY
    return entries


def test_the_response_that_was_used_longest_ago_is_displaced_first() -> None:
    entries = full()
    oldest = entries.find(key("0"))
    assert oldest is not None
    entries.mark_used(oldest)
    entries.put(entry("new"))
    assert [entries.find(key(name)) is not None for name in ("0", "1", "2", "new")] == [True, False, True, True]


def test_a_response_that_was_dropped_meanwhile_can_be_marked_as_used() -> None:
    entries = ResponseStore(ROOM)
    gone = entry("a")
    entries.put(gone)
    entries.drop(gone)
    entries.mark_used(gone)
    assert (len(entries), entries.used_bytes) == (0, 0)


def test_a_response_that_is_too_large_is_not_stored_and_displaces_nothing() -> None:
    entries = full()
    assert not entries.put(entry("large", ROOM // MIN_CAPACITY))
    assert len(entries) == MIN_CAPACITY


def test_a_response_replaces_the_previous_one_and_its_exact_matches() -> None:
    entries = ResponseStore(ROOM)
    first, second = entry("a", 100), entry("a", 200)
    entries.put(first)
    entries.put_exact(b"one", repeat(first))
    entries.put(second)
    assert entries.find_exact(b"one") is None
    assert entries.find(key("a")) is second
    entries.drop(first)
    assert entries.find(key("a")) is second
    assert entries.used_bytes == second.bytes


def test_a_response_is_found_by_the_digests_of_its_last_requests() -> None:
    entries = ResponseStore(ROOM)
    kept = entry("a")
    entries.put(kept)
    requests = [b"%d" % number for number in range(MAX_EXACT_MATCHES + 1)]
    for each in [*requests, requests[-1]]:
        entries.put_exact(each, repeat(kept))
    assert [entries.find_exact(each) is not None for each in requests] == [False] + [True] * MAX_EXACT_MATCHES


def test_a_response_that_is_not_stored_has_no_exact_matches() -> None:
    entries = ResponseStore(ROOM)
    gone = entry("a")
    entries.put(gone)
    entries.drop(gone)
    entries.put_exact(b"one", repeat(gone))
    assert entries.find_exact(b"one") is None
    assert entries.used_bytes == 0


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 4 * OVERHEAD), st.binary(max_size=9)),
        max_size=40,
    )
)
def test_the_store_never_exceeds_its_limit_and_counts_its_bytes(steps: list[tuple[str, int, bytes]]) -> None:
    entries = ResponseStore(ROOM // 4)
    for name, size, content in steps:
        known = entries.find(key(name))
        if known is not None and size % 3 == 0:
            entries.drop(known)
        else:
            kept = entry(name, size)
            entries.put(kept)
            entries.put_exact(content, repeat(kept))
        assert entries.used_bytes <= ROOM // 4
        left = [each for each in map(entries.find, map(key, "abcdef")) if each is not None]
        assert entries.used_bytes == sum(each.bytes for each in left)
        assert len(entries) == len(left)


def test_compressed_bodies_count_too() -> None:
    entries = ResponseStore(ROOM)
    cached = entry("a", 1_000)
    entries.put(cached)
    before = entries.used_bytes
    cached.result.response.compressed["gzip"] = b"x" * 300
    entries.count_compressed(cached.key)
    assert entries.used_bytes == before + 300
    entries.count_compressed(key("unknown"))
    entries.drop(cached)
    assert entries.used_bytes == 0
