"""Trackers at ShortenWorld: the catalogue, a team's, and those on a link, which can be added and removed."""

from linkweave.errors import UnsupportedError, VendorError
from linkweave.models import Tracker, TrackerScope
from linkweave.models.changes import NewTrackers
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.calls import make_call, make_write
from linkweave.providers.shortenworld.links import tracker_from
from linkweave.providers.shortenworld.list_reader import ListReader
from linkweave.providers.shortenworld.wire import CatalogueRows, LinkTrackerRows, Reply, TeamTrackerRows


class TrackerWriter(ListReader):
    """LIST_TRACKERS and WRITE_TRACKERS."""

    async def list_trackers(self) -> tuple[Tracker, ...]:
        """The catalogue, which has no pages (DOC)."""
        answer, _fetched = await self.fetch(CatalogueRows, make_call(inferred.LIST_TRACKERS))
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
        """Adds trackers in one call and lists them in another, because the first answer names none.

        Raises:
            UnsupportedError: one call cannot add these trackers; no call was made.
            AmbiguousError: they may have been added, or were added and cannot be listed.
            VendorError: they were not added.
        """
        call = make_write(inferred.ADD_TRACKERS, {"linkId": new.link_handle, **self._parameters(new)})
        await self.fetch(Reply, call)
        try:
            return await self.list_link_trackers(new.link_handle)
        except VendorError:
            problem = self.bad_response(call, "succeeded, and then did not list the trackers of the link")
        raise problem

    async def remove_tracker(self, tracker_id: str) -> None:
        """Removes a tracker from its link. Its id is that in the list of the link's trackers."""
        await self.fetch(Reply, make_write(inferred.REMOVE_TRACKER, {"linkTrackerId": tracker_id}))

    def _parameters(self, new: NewTrackers) -> dict[str, object]:
        """The parameters of the one way, of three, in which `new` names trackers."""
        ways: list[dict[str, object]] = []
        if new.all_team_trackers:
            ways.append({"type": inferred.COPY_OF_TEAM_TRACKERS, "teamTrackers": inferred.ALL_TRACKERS})
        if new.team_trackers is not None:
            ways.append({"type": inferred.COPY_OF_TEAM_TRACKERS, "teamTrackers": list(new.team_trackers)})
        if new.tracker is not None or new.code is not None:
            ways.append({"type": inferred.OWN_TRACKER, "code": new.code, "trackerId": new.tracker})
        if len(ways) != 1:
            raise self._unsupported("one call adds some team trackers, or all of them, or one tracker by its code")
        if None in ways[0].values():
            raise self._unsupported("a tracker by its code needs both the code and the tracker of the catalogue")
        return ways[0]

    def _unsupported(self, problem: str) -> UnsupportedError:
        return self.unsupported(inferred.ADD_TRACKERS.operation, problem)
