"""Puts into the catalog that clicks were set back to zero, as a reading of the total would."""

from collections.abc import Sequence
from datetime import tzinfo

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.history.due_times import Bounds
from linkweave.catalog.history.observed_days import Reading
from linkweave.catalog.history.record_totals import record_readings
from linkweave.catalog.reads.conditions import selected_links
from linkweave.catalog.reads.questions.links import AccountScope, LinkQuestion
from linkweave.catalog.tables import LINKS
from linkweave.catalog.writes.record_links import Sighting
from linkweave.models import LinkFilter


def of_handles(account: str, handles: Sequence[str]) -> ColumnElement[bool]:
    """Returns the condition on the links with these handles."""
    return and_(LINKS.c.account == account, LINKS.c.handle.in_(handles))


def of_tags(account: str, tags: LinkFilter) -> ColumnElement[bool]:
    """Returns the condition on the links with these tags."""
    return selected_links(LinkQuestion((AccountScope(account, tags),)))


async def reset_clicks(
    connection: AsyncConnection, sighting: Sighting, wanted: ColumnElement[bool], zone: tzinfo, bounds: Bounds
) -> None:
    """Sets the totals of the wanted links of an account to zero. Days are those of `zone`; today is then not known.

    A link whose total was never read has none: a first total of zero would mean that no day of its life had clicks.
    """
    query = select(LINKS.c.handle).where(wanted, LINKS.c.clicks.is_not(None))
    handles = (await connection.execute(query)).scalars().all()
    zero = Reading(sighting.at, 0, 0)
    await record_readings(
        connection,
        account=sighting.account,
        readings=dict.fromkeys(handles, zero),
        zone=zone,
        now=sighting.at,
        bounds=bounds,
    )
