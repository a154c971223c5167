"""Decides which responses are stored, for how long, and which write makes them invalid."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from linkweave.clock import Clock
from linkweave.context.freshness import Freshness
from linkweave.edge.response_cache.cache_key import CacheKey
from linkweave.edge.response_cache.entries import CachedResponse, ExactMatch, ExecutionResult, ResponseStore
from linkweave.edge.response_cache.http_caching import BufferedResponse, with_cache_headers, with_no_store
from linkweave.storage.interfaces import CacheVersions

VersionTags: TypeAlias = Mapping[str, str]

# Seconds after which a response that contains nothing of a vendor expires.
SECONDS_WITHOUT_VENDORS: Final = 60.0

_OK: Final = 200
# Only the answer's own member is written so: in the texts of vendors and callers, quotes are escaped.
_HAS_ERRORS: Final = b'"errors":'


class ResponseCachePolicy:
    """Stores whole answers without errors, in at most `max_bytes`, until the first part of one expires.

    A write at one of the `accounts` that a response contains makes the response invalid.
    """

    def __init__(self, versions: CacheVersions, accounts: Iterable[str], clock: Clock, max_bytes: int) -> None:
        self._versions = versions
        self._accounts = {name: key for key in accounts for name in (key, f"{key}/lasting")}
        self._clock = clock
        self._store = ResponseStore(max_bytes)

    async def find_exact(self, digest: bytes) -> ExactMatch | None:
        """Returns how the request with this digest was answered before, if that response is still valid."""
        match = self._store.find_exact(digest)
        return match if match is not None and await self._is_valid(match.cached) else None

    def find_exact_now(self, digest: bytes) -> ExactMatch | None:
        """Returns what `find_exact` does, without a wait; None also if it takes one to know whether it is valid."""
        match = self._store.find_exact(digest)
        if match is None or self._clock.monotonic() >= match.cached.expires_at:
            return None
        if match.cached.versions and not self._versions.are_known_current(match.cached.versions):
            return None
        self._store.mark_used(match.cached)
        return match

    def store_exact(self, digest: bytes, match: ExactMatch) -> None:
        """Let `find_exact` return `match` for this digest."""
        self._store.put_exact(digest, match)

    async def find(self, key: CacheKey) -> CachedResponse | None:
        """Returns the valid response to requests with `key`."""
        cached = self._store.find(key)
        return cached if cached is not None and await self._is_valid(cached) else None

    async def current_versions(self) -> VersionTags | None:
        """Returns the versions of all accounts; None if they are unknown. What is read later is at least as new."""
        return await self._versions.current(self._accounts)

    def store(
        self, key: CacheKey, result: ExecutionResult, freshness: Freshness, versions: VersionTags
    ) -> ExecutionResult:
        """Store `result` if it may be stored, and return it with the headers that tell its client the same.

        `freshness` describes what was read for it, and `versions` were current before.
        """
        seconds = self._lifetime(result.response, freshness)
        if seconds <= 0:
            return replace(result, response=with_no_store(result.response))
        result = replace(result, response=with_cache_headers(result.response, seconds))
        now = self._clock.monotonic()
        read = {name: version for name, version in versions.items() if self._accounts[name] in freshness.accounts}
        self._store.put(CachedResponse(key, result, now, now + seconds, read))
        return result

    def count_compressed(self, key: CacheKey) -> None:
        """Count the compressed bodies of the response with `key`, after one was made."""
        self._store.count_compressed(key)

    def age(self, cached: CachedResponse) -> int:
        """Returns the whole seconds since `cached` was stored."""
        return int(self._clock.monotonic() - cached.stored_at)

    async def _is_valid(self, cached: CachedResponse) -> bool:
        valid = self._clock.monotonic() < cached.expires_at
        if valid and cached.versions:
            valid = await self._versions.are_current(cached.versions)
        if valid:
            self._store.mark_used(cached)
        else:
            self._store.drop(cached)
        return valid

    def _lifetime(self, response: BufferedResponse, freshness: Freshness) -> float:
        """Returns the seconds after which `response` expires; 0 if it may not be stored."""
        if response.status != _OK or not response.is_json() or _HAS_ERRORS in response.body:
            return 0.0
        if not freshness.storable or freshness.stale:
            return 0.0
        if freshness.fresh_until is None:
            return SECONDS_WITHOUT_VENDORS
        return (freshness.fresh_until - self._clock.now()).total_seconds()
