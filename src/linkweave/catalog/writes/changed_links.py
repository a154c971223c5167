"""What has changed of links, as the catalog saw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.tables import LINK_CHANGES
from linkweave.models import Link
from linkweave.models.link_changes import ChangeKind, SeenBy

ChangedFields: TypeAlias = Mapping[str, tuple[Any, Any]]

NO_FIELDS: Final[ChangedFields] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ChangedLink:
    """A change of a link that has just been stored, seen at the time `at`. `id` is the link's number in the catalog.

    `fields` has the values before and after of each changed field of an UPDATED link, as JSON values.
    """

    id: int
    account: str
    link: Link
    kind: ChangeKind
    seen_by: SeenBy
    at: datetime
    fields: ChangedFields = field(default_factory=lambda: NO_FIELDS)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> ChangedFields:
    """Returns the fields that differ between two links as JSON values. None stands for a field that one lacks."""
    names = dict.fromkeys((*before, *after))
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


async def store_changes(
    connection: AsyncConnection, changes: Sequence[ChangedLink], seen_by: SeenBy, at: datetime
) -> None:
    """Adds `changes` to the history of their links."""
    rows = [
        {"link_id": each.id, "kind": each.kind.value, "at": at, "seen_by": seen_by.value, "fields": dict(each.fields)}
        for each in changes
    ]
    if rows:
        await connection.execute(LINK_CHANGES.insert(), rows)
