"""Lists without destinations: a reader that knows the destinations spares a call for each link."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from linkweave.models import Link, Page
from linkweave.providers.read_capabilities import Lane

KnownDestinations: TypeAlias = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""Returns the destinations of links by their handles, as far as they are known."""


class ListsWithoutDestinations(ABC):
    """An adapter whose lists may lack destinations: then each link takes a call of its own."""

    @abstractmethod
    async def list_links_knowing(self, lane: Lane, page: str | None, known: KnownDestinations) -> Page[Link]:
        """As `list_links`, without a call for a link whose destination is `known`. It may have been changed since.

        Raises:
            VendorError: the page could not be read.
        """


async def nothing_known(handles: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG001 - as KnownDestinations has it
    """Knows no destination, so that each one is read."""
    return {}
