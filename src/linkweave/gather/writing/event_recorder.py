"""Tells subscribers what requests write of links, where there is no catalog that does so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import orjson

from linkweave.clock import Clock
from linkweave.events.events import Event, LinkEvent
from linkweave.models import Link, LinkFilter, Upload
from linkweave.models.changes import UNSET, LinkPatch, WrittenLink
from linkweave.models.link_changes import ChangeKind, SeenBy

Publish: TypeAlias = Callable[[Sequence[Event]], None]

# Fields of a patch that have another name in a link.
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"add_tags": "tags", "remove_tags": "tags", "password": "password_protected"}
)


@dataclass(frozen=True, slots=True)
class EventRecorder:
    """A recorder that stores nothing. What it does not know of a link is None in its events."""

    publish: Publish
    clock: Clock

    def saw_links(self, account: str, links: Sequence[Link], known_fields: frozenset[str]) -> None:
        """Does nothing: whether a link that was read has changed is not known."""

    async def wrote_links(self, account: str, written: Sequence[WrittenLink]) -> None:
        """Tells of links that were created."""
        links = [each.link for each in written if each.created]
        self.publish([self._event(account, link.handle, ChangeKind.CREATED, link) for link in links])

    async def updated_link(
        self,
        account: str,
        handle: str,  # noqa: ARG002 - the link has the new one
        new_handle: str,
        patch: LinkPatch,
        written: WrittenLink | None,
    ) -> None:
        """Tells of an update."""
        names = sorted({_NAMES.get(name, name) for name in patch.given()})
        fields = {name: (None, _value(patch, written, name)) for name in names}
        link = None if written is None else written.link
        self.publish([self._event(account, new_handle, ChangeKind.UPDATED, link, fields)])

    async def deleted_links(self, account: str, handles: Sequence[str]) -> None:
        """Tells of links that were deleted."""
        self.publish([self._event(account, handle, ChangeKind.DELETED) for handle in handles])

    async def updated_tagged(self, account: str, tags: LinkFilter, patch: LinkPatch) -> None:
        """Does nothing: which links were updated is not known."""

    async def deleted_tagged(self, account: str, tags: LinkFilter) -> None:
        """Does nothing: which links were deleted is not known."""

    async def reset_stats(self, account: str, handles: Sequence[str], zone: tzinfo) -> None:
        """Does nothing: nobody listens to resets."""

    async def reset_tagged(self, account: str, tags: LinkFilter, zone: tzinfo) -> None:
        """Does nothing: nobody listens to resets."""

    async def uploaded(self, account: str, upload: Upload) -> None:
        """Does nothing: nobody listens to uploads."""

    def _event(
        self,
        account: str,
        handle: str,
        kind: ChangeKind,
        link: Link | None = None,
        fields: Mapping[str, tuple[Any, Any]] = MappingProxyType({}),
    ) -> LinkEvent:
        return LinkEvent(account, handle, kind, self.clock.now(), SeenBy.GATEWAY, link, dict(fields))


def _value(patch: LinkPatch, written: WrittenLink | None, name: str) -> Any:
    """Returns the value of a field after an update as a JSON value; None where it is not known."""
    if written is not None and name in written.known_fields:
        value = getattr(written.link, name, None)
    else:
        # Tags were added and removed, and a password is nobody's business.
        value = getattr(patch, name, None)
    return None if value is UNSET else orjson.loads(orjson.dumps(value))
