"""Which answers are kept, for how long, and until what is written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from linkweave.clock import Clock
from linkweave.context.freshness import Freshness
from linkweave.edge.response_cache.cache_key import Key
from linkweave.edge.response_cache.entries import CachedResponse, ExactMatch, ExecutionResult, ResponseStore
from linkweave.edge.response_cache.http_caching import BufferedResponse, with_cache_headers, with_no_store
from linkweave.storage.interfaces import CacheVersions

VersionTags: TypeAlias = Mapping[str, str]

# For so long an answer is kept that says nothing of vendors.
SECONDS_WITHOUT_VENDORS: Final = 60.0

_OK: Final = 200
# Only an answer's own member can be spelled so: in what vendors and callers say, quotes are escaped.
_HAS_ERRORS: Final = b'"errors":'


class ResponseCachePolicy:
    """Keeps whole answers without errors while all that was read for them is fresh, `max_bytes` at most.

    An answer in which one of `accounts` is falls with whatever is written there.
    """

    def __init__(self, generations: CacheVersions, accounts: Iterable[str], clock: Clock, max_bytes: int) -> None:
        self._generations = generations
        self._accounts = {name: key for key in accounts for name in (key, f"{key}/lasting")}
        self._clock = clock
        self._entries = ResponseStore(max_bytes)

    async def repeated(self, words: bytes) -> ExactMatch | None:
        """How the request with this digest was answered before, if that still holds."""
        repeat = self._entries.repeated(words)
        return repeat if repeat is not None and await self._holds(repeat.entry) else None

    def repeat(self, words: bytes, repeat: ExactMatch) -> None:
        """Answer the request with this digest in the same way from now on."""
        self._entries.repeat(words, repeat)

    async def find(self, key: Key) -> CachedResponse | None:
        """What is kept under `key`."""
        entry = self._entries.find(key)
        return entry if entry is not None and await self._holds(entry) else None

    async def marks(self) -> VersionTags | None:
        """The state that what is read from now on is at least as new as; None where that cannot be told."""
        return await self._generations.current(self._accounts)

    def keep(self, key: Key, executed: ExecutionResult, seen: Freshness, marks: VersionTags) -> ExecutionResult:
        """Keep what was `executed`, if it may be kept; gives it with headers that tell its reader the same.

        `seen` is what was read for it, and `marks` what was current before.
        """
        seconds = self._seconds(executed.answer, seen)
        if seconds <= 0:
            return replace(executed, answer=with_no_store(executed.answer))
        executed = replace(executed, answer=with_cache_headers(executed.answer, seconds))
        now = self._clock.monotonic()
        read = {name: mark for name, mark in marks.items() if self._accounts[name] in seen.accounts}
        self._entries.keep(CachedResponse(key, executed, now, now + seconds, read))
        return executed

    def age(self, entry: CachedResponse) -> int:
        """Whole seconds since `entry` was made."""
        return int(self._clock.monotonic() - entry.since)

    async def _holds(self, entry: CachedResponse) -> bool:
        holds = self._clock.monotonic() < entry.until
        if holds and entry.marks:
            holds = await self._generations.are_current(entry.marks)
        if holds:
            self._entries.used(entry)
        else:
            self._entries.drop(entry)
        return holds

    def _seconds(self, answer: BufferedResponse, seen: Freshness) -> float:
        """For how long `answer` may be kept; 0 for not at all."""
        if answer.status != _OK or not answer.is_json() or _HAS_ERRORS in answer.body:
            return 0.0
        if not seen.storable or seen.stale:
            return 0.0
        if seen.fresh_until is None:
            return SECONDS_WITHOUT_VENDORS
        return (seen.fresh_until - self._clock.now()).total_seconds()
