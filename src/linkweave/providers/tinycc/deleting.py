"""Deletes links and their clicks: by name, one call for those of a domain."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from linkweave.errors import AmbiguousError, RejectedError, VendorError
from linkweave.models import Link
from linkweave.providers.batches import or_raise, write_in_turn
from linkweave.providers.tinycc.handles import LinkName, name_call, name_groups
from linkweave.providers.tinycc.link_wire import Done
from linkweave.providers.tinycc.links import LinkReader
from linkweave.transport.call import Call

_DELETE: Final = "delete links"
_RESET: Final = "reset statistics"


class LinkRemover(LinkReader):
    """DELETE_LINK, BATCH_DELETE and RESET_STATS."""

    async def delete_link(self, handle: str) -> None:
        """Delete a link, and check that it is gone."""
        or_raise((await self.delete_links((handle,)))[handle])

    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete links, and check which are gone: the vendor keeps protected links without an error (DOC).

        Two calls for 1,000 links of a domain.
        """

        async def write(names: tuple[LinkName, ...]) -> Sequence[VendorError | None]:
            await self.fetch(Done, _to_call(_DELETE, "/urls", names))
            kept = await self._kept(names)
            return [self._kept_error(kept[name]) if name in kept else None for name in names]

        return await self._to_each(_DELETE, handles, write)

    async def reset_stats(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete the clicks of links: one call for 1,000 of a domain."""

        async def write(names: tuple[LinkName, ...]) -> Sequence[VendorError | None]:
            await self.fetch(Done, _to_call(_RESET, "/stats", names))
            return [None] * len(names)

        return await self._to_each(_RESET, handles, write)

    async def _to_each(
        self,
        operation: str,
        handles: Sequence[str],
        write: Callable[[tuple[LinkName, ...]], Awaitable[Sequence[VendorError | None]]],
    ) -> dict[str, VendorError | None]:
        names = {handle: LinkName.parse(handle) for handle in handles}
        groups = name_groups(name for name in names.values() if name is not None)
        results = await write_in_turn(self, operation, groups, write)
        nowhere = self.not_found(operation)
        return {handle: nowhere if name is None else results[name] for handle, name in names.items()}

    async def _kept(self, names: tuple[LinkName, ...]) -> Mapping[LinkName, Link]:
        """The links that still exist.

        Raises:
            AmbiguousError: it could not be found out, so that any of them may have been deleted.
        """
        try:
            return await self.existing(names)
        except VendorError:
            problem = "deleted unless protected, which could not be checked"
        raise self.error(AmbiguousError, problem, _DELETE)

    def _kept_error(self, link: Link) -> RejectedError:
        if link.protected:
            return self.error(RejectedError, "the link is protected", _DELETE, field="protected")
        return self.error(RejectedError, "the link still exists", _DELETE)


def _to_call(operation: str, resource: str, names: tuple[LinkName, ...]) -> Call:
    path, query = name_call(resource, names)
    return Call(operation, "DELETE", path, query, writes=True)
