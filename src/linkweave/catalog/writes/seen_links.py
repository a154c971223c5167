"""Notes when links were seen last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.tables import LINKS
from linkweave.catalog.writes.known_links import KnownLink
from linkweave.models import Link

_CLICKED: Final = (
    update(LINKS).where(LINKS.c.id == bindparam("link")).values(last_click_at=bindparam("new_last_click_at"))
)


async def touch(
    connection: AsyncConnection, walk: int | None, known: Mapping[str, KnownLink], current: Sequence[Link]
) -> None:
    """Notes that the full walk `walk` has shown the `known` links, and when the `current` ones of them were read."""
    read_at: dict[datetime, list[int]] = defaultdict(list)
    for link in current:
        read_at[link.fetched_at].append(known[link.handle].id)
    shown = {} if walk is None else {"seen_in_walk": walk}
    for moment, numbers in read_at.items():
        await connection.execute(update(LINKS).where(LINKS.c.id.in_(numbers)).values(seen_at=moment, **shown))
    others = {each.id for each in known.values()}.difference(*read_at.values())
    if shown and others:
        await connection.execute(update(LINKS).where(LINKS.c.id.in_(others)).values(shown))
    clicked = [_values(known[link.handle], link) for link in current if _was_clicked(known[link.handle], link)]
    if clicked:
        await connection.execute(_CLICKED, clicked)


def _was_clicked(before: KnownLink, link: Link) -> bool:
    return link.last_click_at is not None and link.last_click_at != before.last_click_at


def _values(before: KnownLink, link: Link) -> dict[str, Any]:
    return {"link": before.id, "new_last_click_at": link.last_click_at}
