"""Resources that an app opens and the next app uses too: what a reload does not change stays open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Closable(Protocol):
    """A resource that is open."""

    async def close(self) -> None:
        """Closes it."""
        ...


C = TypeVar("C", bound=Closable)


@dataclass(slots=True)
class _SharedResource:
    made_from: object
    resource: Closable
    users: int = 0


class SharedResources:
    """Opens each resource once for all its users, and closes it after the last one."""

    def __init__(self) -> None:
        self._resources: list[_SharedResource] = []

    def acquire(self, made_from: object, make: Callable[[], C]) -> C:
        """Returns the open resource that was made from an equal `made_from`, or else makes it."""
        resource: C
        for shared in self._resources:
            if shared.made_from == made_from:
                shared.users += 1
                resource = shared.resource  # type: ignore[assignment] # equal `made_from` means equal types
                return resource
        resource = make()
        self._resources.append(_SharedResource(made_from, resource, 1))
        return resource

    async def release(self, resource: Closable) -> None:
        """Closes `resource`, if it has no other user."""
        for shared in [each for each in self._resources if each.resource is resource]:
            shared.users -= 1
            if not shared.users:
                self._resources.remove(shared)
                await resource.close()
