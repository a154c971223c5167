"""What requests tell the catalog. A gateway without a catalog loads this and no database."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Protocol

from linkweave.models import Link, LinkFilter, Upload
from linkweave.models.changes import LinkPatch, WrittenLink


class Recorder(Protocol):
    """Takes what a request sees and writes of links. No method fails, whatever becomes of the database."""

    def saw_links(self, account: str, links: Sequence[Link], known_fields: frozenset[str]) -> None:
        """`links` were read, of which `known_fields` are certain. They are stored some time later, or not at all."""
        ...

    async def wrote_links(self, account: str, written: Sequence[WrittenLink]) -> None:
        """Links were created. They are stored when this returns, unless the database takes too long."""
        ...

    async def updated_link(
        self, account: str, handle: str, new_handle: str, patch: LinkPatch, written: WrittenLink | None
    ) -> None:
        """A link was updated by the given fields of `patch`. `written` is what its vendor has answered.

        The change is stored when this returns, unless the database takes too long.
        """
        ...

    async def deleted_links(self, account: str, handles: Sequence[str]) -> None:
        """Links were deleted. That is stored when this returns, unless the database takes too long."""
        ...

    async def updated_tagged(self, account: str, tags: LinkFilter, patch: LinkPatch) -> None:
        """All links with these tags were updated. Stored as `updated_link` is."""
        ...

    async def deleted_tagged(self, account: str, tags: LinkFilter) -> None:
        """All links with these tags were deleted, except for protected ones. Stored as `deleted_links` is."""
        ...

    async def reset_stats(self, account: str, handles: Sequence[str], zone: tzinfo) -> None:
        """The clicks of links were set back to zero. Days are those of `zone`. Stored as `updated_link` is."""
        ...

    async def reset_tagged(self, account: str, tags: LinkFilter, zone: tzinfo) -> None:
        """The clicks of all links with these tags were set back to zero. Stored as `reset_stats` is."""
        ...

    async def uploaded(self, account: str, upload: Upload) -> None:
        """A file was uploaded. That is stored when this returns, unless the database takes too long."""
        ...
