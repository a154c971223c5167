"""The trackers of an account, which are several lists: the catalogue, and one for each team."""

import asyncio
from dataclasses import dataclass

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import LeftOut


@dataclass(frozen=True, slots=True)
class OwnedTrackers:
    """Trackers with the vendor's ids of their teams, which are empty in the catalogue, and what could not be read."""

    owned: tuple[tuple[str, models.Tracker], ...]
    left_out: LeftOut

    def __add__(self, other: "OwnedTrackers") -> "OwnedTrackers":
        return OwnedTrackers(self.owned + other.owned, self.left_out + other.left_out)


async def list_trackers(loaders: AccountLoaders, team_id: str | None) -> OwnedTrackers:
    """Returns the trackers of one team, or of the catalogue and all teams.

    Raises:
        VendorError: a call for one of the lists failed.
    """
    if team_id is not None:
        owned = tuple((team_id, tracker) for tracker in await loaders.team_trackers(team_id))
        return OwnedTrackers(owned, loaders.left_out("team trackers", team_id))
    catalog, teams = await asyncio.gather(loaders.trackers(), loaders.teams())
    left_out = loaders.left_out("trackers") + loaders.left_out("teams")
    per_team = await asyncio.gather(*(list_trackers(loaders, team.id) for team in teams))
    return sum(per_team, OwnedTrackers(tuple(("", tracker) for tracker in catalog), left_out))
