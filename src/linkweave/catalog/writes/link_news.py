"""What the catalog has stored of links, as events for subscribers."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.tables import ACCOUNT_SYNCS
from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.catalog.writes.known_links import read_known
from linkweave.catalog.writes.record_links import Sighting
from linkweave.events.events import LinkEvent
from linkweave.models import Link
from linkweave.models.link_changes import ChangeKind

# A link that was created longer ago is no news where the catalog did not know all links of its account before.
_NEW: Final = timedelta(hours=1)


def link_events(changes: Iterable[ChangedLink]) -> list[LinkEvent]:
    """Returns the events of `changes`."""
    return [
        LinkEvent(each.account, each.link.handle, each.kind, each.at, each.seen_by, each.link, dict(each.fields))
        for each in changes
    ]


def news_of(changes: Iterable[ChangedLink]) -> list[ChangedLink]:
    """Returns those of `changes` that have just happened, where the catalog did not know all links of the account.

    A link that is seen for the first time there may be an old one. It is news if its vendor says that it is new.
    """
    return [each for each in changes if each.kind is not ChangeKind.CREATED or _is_new(each)]


async def known_news(
    connection: AsyncConnection, sighting: Sighting, changes: Sequence[ChangedLink]
) -> Sequence[ChangedLink]:
    """Returns those of `changes` that have just happened: all, once a walk has shown every link of the account."""
    news = news_of(changes)
    return news if len(news) == len(changes) or not await _is_walked(connection, sighting.account) else changes


async def created_news(
    connection: AsyncConnection, sighting: Sighting, links: Iterable[Link], changes: Sequence[ChangedLink]
) -> Sequence[ChangedLink]:
    """Returns `changes` of links that were just created, and a change for each that is known by now, but no news yet.

    Before its end, the first walk may show a new link before it is stored, and cannot tell it from an old one.
    """
    told = {each.link.handle for each in changes if each.kind in {ChangeKind.CREATED, ChangeKind.RESTORED}}
    untold = {each.handle: each for each in links if each.handle not in told}
    if not untold or await _is_walked(connection, sighting.account):
        return changes
    known = await read_known(connection, sighting.account, list(untold))
    created = [
        ChangedLink(known[handle].id, sighting.account, link, ChangeKind.CREATED, sighting.seen_by, sighting.at)
        for handle, link in untold.items()
        if handle in known
    ]
    return [*(each for each in created if not _is_new(each)), *changes]


async def _is_walked(connection: AsyncConnection, account: str) -> bool:
    walked = select(ACCOUNT_SYNCS.c.last_full_walk_at).where(ACCOUNT_SYNCS.c.account == account)
    return await connection.scalar(walked) is not None


def _is_new(change: ChangedLink) -> bool:
    created_at = change.link.created_at
    return created_at is not None and change.at - created_at <= _NEW
