"""The interfaces of storage. Everything in it may be lost at any moment without breaking anything.

Each interface has an implementation for one process and one for workers that share a Valkey or Redis server: `Store`
(memory_store.py, valkey.py), `CacheVersions` (versions.py) and `Leases` (leases.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

# The version tag of each name. What was read under other tags than the current ones is out of date.
VersionTags: TypeAlias = Mapping[str, str]


class Store(Protocol):
    """Bytes by key. They may be lost before they expire, and callers must not depend on them."""

    async def get(self, key: str) -> bytes | None:
        """Returns the value of `key`, or None."""
        ...

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """Returns the value of each key, or None, in the order of the keys."""
        ...

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Stores `value` for `ttl_seconds` in place of the value of `key`."""
        ...

    async def delete(self, key: str) -> None:
        """Deletes the value of `key`."""
        ...


class Claims(Protocol):
    """Records of work that must not be done twice. Only a caller that has seen a record may replace it."""

    async def get(self, name: str) -> bytes | None:
        """Returns the record of `name`, or None.

        Raises:
            StoreDownError: it cannot be known whether there is one.
        """
        ...

    async def claim(self, name: str, seen: bytes | None, record: bytes, ttl_seconds: float) -> bool:
        """Stores `record` in place of `seen`, before the work. Returns False where another record is stored by now.

        Raises:
            StoreDownError: the record is not stored for certain, so the work must not be done.
        """
        ...

    async def settle(self, name: str, seen: bytes, record: bytes | None, ttl_seconds: float) -> None:
        """Stores the outcome of the work in place of `seen`; None removes the record. Never raises.

        An outcome that the server does not get is sent again until it does.
        """
        ...


class CacheVersions(Protocol):
    """Names with a version tag each. A new tag invalidates all that was read under the one before."""

    async def current(self, names: Collection[str]) -> VersionTags | None:
        """Returns the tag of each name, which is the same in every worker; None while the tags are not known."""
        ...

    async def are_current(self, tags: VersionTags) -> bool:
        """Whether these are the current tags; False while the tags are not known."""
        ...

    def are_known_current(self, tags: VersionTags) -> bool:
        """Whether these are the current tags; False also where that is not known without a wait."""
        ...

    async def bump(self, name: str) -> None:
        """Gives `name` a new tag in every worker before it returns. Never raises.

        A bump that the server does not get is sent again until it does. Meanwhile `current` is None in this process.
        """
        ...


@dataclass(frozen=True, slots=True)
class Acquired:
    """The caller holds the lease until it ends it, or until the lease expires. `token` is of this lease alone."""

    token: str


@dataclass(frozen=True, slots=True)
class HeldByOther:
    """Another caller holds the lease `token`."""

    token: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The holder of the lease completed its work with `value`."""

    value: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The holder of the lease failed with `error`."""

    error: bytes


LeaseState: TypeAlias = Acquired | HeldByOther
LeaseOutcome: TypeAlias = Completed | Failed


class Leases(Protocol):
    """Lets one caller of all workers do what all of them want done.

    Never raises. While the server is down, every caller acquires a lease of its own.
    """

    async def acquire(self, key: str, seconds: float) -> LeaseState:
        """Acquires the lease of `key` for at most `seconds`, unless another caller holds it.

        Another holder may have completed since the caller looked into the store, so look again with a lease in hand.
        """
        ...

    async def complete(self, key: str, token: str, value: bytes, ttl_seconds: float) -> None:
        """Ends the lease `token`, if it is still the one of `key`. Waiters get `value`.

        Stores `value` under `key` as well, for `ttl_seconds`; 0 does not store it.
        """
        ...

    async def fail(self, key: str, token: str, error: bytes) -> None:
        """Ends the lease `token`. Waiters get `error`, and a later `acquire` does not."""
        ...

    async def release(self, key: str, token: str) -> None:
        """Ends the lease `token` without an outcome, so that the next waiter acquires it."""
        ...

    async def wait_for_outcome(self, key: str, token: str) -> LeaseOutcome | None:
        """Returns how the lease `token` ended, once it has; None where it ended without an outcome or expired."""
        ...
