"""What the catalog has of links before they are stored again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.link_rows import COLUMNS_OF_LINK, MODEL_FIELDS, link_of
from linkweave.catalog.tables import LINKS
from linkweave.models import Link


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A stored link. The columns of the table have the same names."""

    id: int
    digest: str
    seen_at: datetime
    last_click_at: datetime | None
    deleted_at: datetime | None

    def is_older(self, link: Link, now: datetime) -> bool:
        """Whether `link` was read after this one was stored or deleted.

        A moment of the future is one before the clock went back, and says nothing.
        """
        latest = max(self.seen_at, self.deleted_at or self.seen_at)
        return link.fetched_at >= latest or latest > now


_KNOWN: Final = tuple(LINKS.c[name] for name in KnownLink.__dataclass_fields__)


async def read_known(connection: AsyncConnection, account: str, handles: Sequence[str]) -> dict[str, KnownLink]:
    """Returns the stored links of `account` with these handles, by handle; deleted ones too."""
    query = select(LINKS.c.handle, *_KNOWN).where(LINKS.c.account == account, LINKS.c.handle.in_(handles))
    return {handle: KnownLink(*values) for handle, *values in await connection.execute(query)}


async def read_models(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Returns the stored models of links by their numbers."""
    query = select(LINKS.c.id, LINKS.c.model).where(LINKS.c.id.in_(numbers))
    return dict(tuple(row) for row in await connection.execute(query))


async def complete_links(
    connection: AsyncConnection, known: Mapping[str, KnownLink], links: Sequence[Link], known_fields: frozenset[str]
) -> list[Link]:
    """Returns the stored `links` with the new values of `known_fields`."""
    numbers = [known[link.handle].id for link in links]
    query = select(*(LINKS.c[name] for name in COLUMNS_OF_LINK)).where(LINKS.c.id.in_(numbers))
    stored = {row["id"]: link_of(row) for row in (await connection.execute(query)).mappings()}
    names = [name for name in MODEL_FIELDS if name in known_fields]
    return [
        replace(
            stored[known[link.handle].id],
            fetched_at=link.fetched_at,
            **{name: getattr(link, name) for name in names},
        )
        for link in links
    ]
