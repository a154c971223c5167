"""What an app opens and the next one can use too: when a reload changes nothing about it, it stays open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Closable(Protocol):
    """Something that is open."""

    async def close(self) -> None:
        """Close it."""
        ...


C = TypeVar("C", bound=Closable)


@dataclass(slots=True)
class _Lent:
    made_from: object
    thing: Closable
    users: int = 0


class SharedResources:
    """Opens each thing once, as long as somebody uses it."""

    def __init__(self) -> None:
        self._lent: list[_Lent] = []

    def acquire(self, made_from: object, make: Callable[[], C]) -> C:
        """What was made from the equal of `made_from` and is in use, or else what `make` makes now."""
        thing: C
        for lent in self._lent:
            if lent.made_from == made_from:
                lent.users += 1
                thing = lent.thing  # type: ignore[assignment] # who says that it is made from the same gets the same
                return thing
        thing = make()
        self._lent.append(_Lent(made_from, thing, 1))
        return thing

    async def release(self, thing: Closable) -> None:
        """Close `thing`, if nobody else uses it."""
        for lent in [each for each in self._lent if each.thing is thing]:
            lent.users -= 1
            if not lent.users:
                self._lent.remove(lent)
                await thing.close()
