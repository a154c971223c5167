"""What outlives a request, and what workers share. All of it may be lost at any moment, and nothing may break then.

Three things, each with an implementation in this process and one in a Valkey or Redis server: a Store of bytes
(memory.py, valkey.py), Generations that tell what is out of date, and Claims that let one of many ask a vendor.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


class Store(Protocol):
    """Bytes under keys, for a time. Records may be lost earlier; nothing may depend on their being there."""

    async def get(self, key: str) -> bytes | None:
        """The record, or None."""
        ...

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """The record of each key, or None, in their order."""
        ...

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`, replacing what was there."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the record."""
        ...


class CacheVersions(Protocol):
    """Names with a mark each, which changes whenever what was read under the old mark is out of date."""

    async def current(self, names: Collection[str]) -> Mapping[str, str] | None:
        """The mark of each name, as it is now in every worker; None when that cannot be told."""
        ...

    async def are_current(self, marks: Mapping[str, str]) -> bool:
        """Whether these are the marks now; False when that cannot be told."""
        ...

    async def bump(self, name: str) -> None:
        """Give `name` another mark, in every worker before this returns.

        Never raises: what cannot be said now is said as soon as it can be; until then, `current` is None here.
        """
        ...


@dataclass(frozen=True, slots=True)
class Acquired:
    """The claim is the caller's, until it is settled or has run out. `token` fences it off from later ones."""

    token: str


@dataclass(frozen=True, slots=True)
class HeldByOther:
    """Somebody else has the claim."""

    token: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The claim `token` was settled with `value`."""

    value: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The claim `token` ended with `error`."""

    error: bytes


Claim: TypeAlias = Acquired | HeldByOther
Outcome: TypeAlias = Completed | Failed


class Leases(Protocol):
    """Lets one of many, in all workers, do what all of them want done.

    Never raises: without a server, everybody's claim is their own.
    """

    async def claim(self, key: str, seconds: float) -> Claim:
        """Claim `key` for `seconds`, unless somebody has it. An earlier failure does not count.

        Somebody may have settled it since the caller looked into the store: with a claim of one's own, look again.
        """
        ...

    async def settle(self, key: str, token: str, value: bytes, ttl_seconds: float) -> None:
        """End the claim `token` and store `value` under `key` in the store, if the claim is still that one.

        With 0 seconds it is not stored, and only those who wait get it.
        """
        ...

    async def fail(self, key: str, token: str, error: bytes) -> None:
        """End the claim `token`; those who wait for it learn `error`, for a moment."""
        ...

    async def release(self, key: str, token: str) -> None:
        """End the claim `token` with nothing, so that the next one who waits takes over."""
        ...

    async def outcome(self, key: str, token: str) -> Outcome | None:
        """Wait until the claim `token` has ended; None when it ended with nothing or ran out."""
        ...
