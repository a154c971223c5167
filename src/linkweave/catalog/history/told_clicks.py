"""Clicks that webhooks have told of, so that they are not told again when a reading of the total has them too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.tables import LINKS, TOLD_CLICKS

LAG: Final = timedelta(minutes=10)
"""How long a total may lack a click that a webhook has told of. A total that lacks it then never has it."""
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """The clicks that a reading has found since the reading before, which was made at `since`."""

    clicks: int
    since: datetime | None


async def add_told_clicks(
    connection: AsyncConnection, account: str, clicks: Mapping[str, int], now: datetime, min_seconds: float
) -> None:
    """Stores how many clicks of each link, by handle, a webhook has told of. The total of these links is due soon.

    It is not read sooner than `min_seconds` after the reading before.
    """
    query = select(LINKS.c.id, LINKS.c.handle, LINKS.c.clicks_at, LINKS.c.statistics_due_at)
    query = query.where(LINKS.c.account == account, LINKS.c.handle.in_(list(clicks)))
    # Two processes that add to the same link at the same time would lose clicks.
    for number, handle, clicks_at, due_at in (await connection.execute(query.with_for_update())).all():
        told = await connection.scalar(select(TOLD_CLICKS.c.clicks).where(TOLD_CLICKS.c.link_id == number))
        row = {"clicks": clicks[handle] + (told or 0), "told_at": now}
        if told is None:
            await connection.execute(TOLD_CLICKS.insert().values(link_id=number, **row))
        else:
            await connection.execute(TOLD_CLICKS.update().where(TOLD_CLICKS.c.link_id == number).values(row))
        soon = max(now, (clicks_at or now) + timedelta(seconds=min_seconds))
        if due_at is not None and due_at > soon:
            await connection.execute(LINKS.update().where(LINKS.c.id == number).values(statistics_due_at=soon))


async def take_told_clicks(connection: AsyncConnection, moved: Mapping[int, Moved], now: datetime) -> dict[int, int]:
    """Returns how many of the clicks that readings have found, by the link's id, webhooks have told of before."""
    links, taken = [link for link, found in moved.items() if found.clicks > 0], dict[int, int]()
    table = TOLD_CLICKS.c
    for start in range(0, len(links), _CHUNK):
        query = select(table.link_id, table.clicks, table.told_at).where(table.link_id.in_(links[start:][:_CHUNK]))
        for link, told, told_at in (await connection.execute(query)).all():
            found, settled_at = moved[link], told_at + LAG
            is_settled = found.since is not None and found.since >= settled_at
            taken[link] = 0 if is_settled else min(told, found.clicks)
            left = told - taken[link]
            own = table.link_id == link
            if left and now < settled_at:
                await connection.execute(TOLD_CLICKS.update().where(own).values(clicks=left))
            else:
                await connection.execute(TOLD_CLICKS.delete().where(own))
    return taken
