"""Trackers at ShortenWorld: the catalogue, a team's, and those on a link, which come and go."""

from linkweave.errors import UnsupportedError, VendorError
from linkweave.models import Tracker, TrackerScope
from linkweave.models.changes import NewTrackers
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.calls import call, change
from linkweave.providers.shortenworld.links import tracker_from
from linkweave.providers.shortenworld.lists import ListReader
from linkweave.providers.shortenworld.wire import CatalogueRows, LinkTrackerRows, Reply, TeamTrackerRows


class TrackerKeeper(ListReader):
    """LIST_TRACKERS and WRITE_TRACKERS."""

    async def list_trackers(self) -> tuple[Tracker, ...]:
        """The catalogue, which comes in one piece."""
        answer, _fetched = await self.fetch(CatalogueRows, call(inferred.LIST_TRACKERS))
        return tuple(tracker_from(row, TrackerScope.CATALOG) for row in answer.rows)

    async def list_team_trackers(self, team_id: str) -> tuple[Tracker, ...]:
        """The trackers that the team has set up."""
        rows = await self.read_all(TeamTrackerRows, inferred.LIST_TEAM_TRACKERS, (("teamId", team_id),))
        return tuple(tracker_from(row, TrackerScope.TEAM) for row in rows)

    async def list_link_trackers(self, handle: str) -> tuple[Tracker, ...]:
        """The trackers on one link."""
        rows = await self.read_all(LinkTrackerRows, inferred.LIST_LINK_TRACKERS, (("linkId", handle),))
        return tuple(tracker_from(row, TrackerScope.LINK) for row in rows)

    async def add_trackers(self, new: NewTrackers) -> tuple[Tracker, ...]:
        """One call that adds, one that lists; the first one's answer names no tracker.

        Raises:
            UnsupportedError: one call cannot say this; none was made.
            AmbiguousError: they may have been added, or were and cannot be listed.
        """
        asked = change(inferred.ADD_TRACKERS, {"linkId": new.link_handle, **self._addition(new)})
        await self.fetch(Reply, asked)
        try:
            return await self.list_link_trackers(new.link_handle)
        except VendorError:
            problem = self.bad_response(asked, "said yes, and then did not list the trackers of the link")
        raise problem

    async def remove_tracker(self, tracker_id: str) -> None:
        """Take a tracker off its link, by the id that the list of the link's trackers gives it."""
        await self.fetch(Reply, change(inferred.REMOVE_TRACKER, {"linkTrackerId": tracker_id}))

    def _addition(self, new: NewTrackers) -> dict[str, object]:
        """The one way of the three that `new` says."""
        ways: list[dict[str, object]] = []
        if new.all_team_trackers:
            ways.append({"type": inferred.COPY_OF_TEAM_TRACKERS, "teamTrackers": inferred.ALL_TRACKERS})
        if new.team_trackers is not None:
            ways.append({"type": inferred.COPY_OF_TEAM_TRACKERS, "teamTrackers": list(new.team_trackers)})
        if new.tracker is not None or new.code is not None:
            ways.append({"type": inferred.OWN_TRACKER, "code": new.code, "trackerId": new.tracker})
        if len(ways) != 1:
            raise self._unsayable("one call adds some team trackers, or all of them, or one tracker by its code")
        if None in ways[0].values():
            raise self._unsayable("a tracker of one's own needs both its code and the tracker of the catalogue")
        return ways[0]

    def _unsayable(self, problem: str) -> UnsupportedError:
        return self.unsupported(inferred.ADD_TRACKERS.operation, problem)
