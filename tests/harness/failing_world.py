"""Data that is made from a seed, and that fails in every way."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast
from zlib import crc32

from strawberry.dataloader import DataLoader

from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.dataloader import wait_shielded
from linkweave.gather.rights import FULL_RIGHTS, Rights
from linkweave.gather.session import Session
from linkweave.schema.context import Context
from linkweave.schema.operations.node_factory import SchemaNodeFactory

T = TypeVar("T")


# Of 1000 values where null may stand, how many are not null.
NULLS: Final = 900


@dataclass
class NoSession:
    """As much of a session as these types look at."""

    rights: Rights = FULL_RIGHTS
    accounts: Mapping[str, AccountLoaders] = field(default_factory=dict)

    def forget_objects(self) -> None:
        """There are none."""


def context() -> Context:
    return Context(cast("Session", NoSession()), "request", SchemaNodeFactory())


class Unwritable:
    def __str__(self) -> str:
        raise ZeroDivisionError


@dataclass(eq=False)
class World:
    """Decides by its seed what each field of each object is. `trouble` is how many of 1000 fields fail."""

    seed: int
    trouble: int
    delays: int
    asked: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.loader: DataLoader[str, int] = DataLoader(self._ask)

    def calls(self) -> Counter[str]:
        """Returns how often each key was loaded."""
        return self.asked

    async def load(self, key: str) -> int:
        return await wait_shielded(self.loader.load(key))

    async def _ask(self, keys: list[str]) -> Sequence[int]:
        self.asked.update(keys)
        await self.wait("loader", str(sorted(keys)))
        self.known.update(keys)
        return [self.draw("loaded", key) for key in keys]

    def draw(self, *key: object) -> int:
        return crc32(repr((self.seed, *key)).encode()) % 1000

    async def wait(self, *key: object) -> None:
        for _ in range(self.draw("wait", *key) % (self.delays + 1)):
            await asyncio.sleep(0)

    def outcome(self, value: T, *key: object, nullable: bool = True) -> T:
        """Returns `value`, or what a resolver should not return, or raises an error."""
        roll = self.draw("outcome", *key)
        if roll < self.trouble:
            raise InvalidInputError(str(key[-1]), f"is wrong in {key[0]}")
        if roll < 2 * self.trouble:
            raise KeyError(str(key))
        if roll < 3 * self.trouble:
            return cast("T", None)
        if roll < 4 * self.trouble:
            return cast("T", InvalidInputError("returned", "as a value"))
        if roll < 5 * self.trouble:
            return cast("T", Unwritable())
        return cast("T", None) if nullable and roll > NULLS else value

    def attribute(self, value: T, *key: object) -> T:
        """Works as `outcome`, but raises no error: an attribute cannot raise one."""
        try:
            return self.outcome(value, *key)
        except (InvalidInputError, KeyError):
            return value

    def item(self, value: T, *key: object) -> T:
        """Works as `outcome`, but returns the errors, as an item of a list."""
        try:
            return self.outcome(value, *key, nullable=False)
        except (InvalidInputError, KeyError) as error:
            return cast("T", error)
