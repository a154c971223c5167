"""What the catalog has of links before they are stored again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, Select, Text, bindparam, func, literal_column, select, true
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


_BY_HANDLE: Final = select(LINKS.c.handle, *(LINKS.c[name] for name in KnownLink.__dataclass_fields__))


def _one_by_one() -> Select[Any]:
    """The query of links by handle for PostgreSQL, which looks up each handle in the index.

    Of a list of handles, it may read all links of the account.
    """
    wanted = func.unnest(bindparam("handles", type_=ARRAY(Text))).table_valued("handle").render_derived("wanted")
    of_one = LINKS.c.account == bindparam("account"), LINKS.c.handle == wanted.c.handle
    found = _BY_HANDLE.where(*of_one).limit(literal_column("1")).lateral("found")
    return select(found).select_from(wanted).join(found, true())


_ONE_BY_ONE: Final = _one_by_one()


async def read_known(connection: AsyncConnection, account: str, handles: Sequence[str]) -> dict[str, KnownLink]:
    """Returns the stored links of `account` with these handles, by handle; deleted ones too."""
    if connection.dialect.name == "postgresql":
        rows = await connection.execute(_ONE_BY_ONE, {"account": account, "handles": list(handles)})
    else:
        columns = LINKS.c.account, LINKS.c.handle
        rows = await connection.execute(_BY_HANDLE.where(columns[0] == account, columns[1].in_(handles)))
    return {handle: KnownLink(*values) for handle, *values in rows}


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
