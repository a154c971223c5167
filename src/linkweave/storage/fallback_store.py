"""A shared store with a fallback in this process."""

from collections.abc import Sequence

from linkweave.storage.interfaces import Store


class FallbackStore:
    """Stores everything in both stores, and reads from `fallback` what `primary` does not have.

    So this process has what it stored while the primary was down.
    """

    def __init__(self, primary: Store, fallback: Store) -> None:
        self._primary = primary
        self._fallback = fallback

    async def get(self, key: str) -> bytes | None:
        """Returns the value of `key`, or None."""
        value = await self._primary.get(key)
        return await self._fallback.get(key) if value is None else value

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """Returns the value of each key, or None."""
        values = await self._primary.get_many(keys)
        fallbacks = await self._fallback.get_many(keys) if None in values else values
        return [fallback if value is None else value for value, fallback in zip(values, fallbacks, strict=True)]

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Stores `value` for `ttl_seconds`."""
        await self._fallback.set(key, value, ttl_seconds)
        await self._primary.set(key, value, ttl_seconds)

    async def delete(self, key: str) -> None:
        """Deletes the value of `key`."""
        await self._fallback.delete(key)
        await self._primary.delete(key)
