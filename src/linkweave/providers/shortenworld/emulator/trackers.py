"""Adds trackers to links, and removes them."""

from typing import Final

from linkweave.providers.shortenworld.emulator.calls import UNKNOWN_THING, Call
from linkweave.providers.shortenworld.emulator.responses import Body, RefusedError
from linkweave.providers.shortenworld.emulator.state import SavedLink, Tracker

BAD_TYPE: Final = 4  # INFERRED


def create_link_tracker(call: Call) -> Body:
    """Create link tracker: "1" copies trackers of the link's team, "0" adds one by its code (DOC)."""
    link = call.link()
    kind = call.text("type")
    if kind not in {"0", "1"}:
        raise RefusedError(BAD_TYPE, 'type must be "0" or "1"')
    added = _of_team(call, link) if kind == "1" else [_own(call)]
    call.state.link_trackers += [
        Tracker(f"lt-new-{call.state.number()}", link.id, each.name, each.provider, each.code) for each in added
    ]
    return {}


def delete_link_tracker(call: Call) -> Body:
    """Delete link tracker."""
    tracker_id = call.text("linkTrackerId")
    tracker = next((each for each in call.state.link_trackers if each.id == tracker_id), None)
    if tracker is None:
        raise RefusedError(UNKNOWN_THING, "Link tracker not found")
    call.state.link_trackers.remove(tracker)
    return {}


def _of_team(call: Call, link: SavedLink) -> list[Tracker]:
    known = {each.id: each for each in call.state.team_trackers if each.owner == link.team_id}
    wanted = call.parameters.get("teamTrackers")
    if wanted == "all-trackers":
        return list(known.values())
    if not isinstance(wanted, list) or not wanted:
        raise RefusedError(BAD_TYPE, "teamTrackers is required")
    if not all(each in known for each in wanted):
        raise RefusedError(UNKNOWN_THING, "Team tracker not found")
    return [known[each] for each in wanted]


def _own(call: Call) -> Tracker:
    code, tracker_id = call.text("code"), call.text("trackerId")
    tracker = next((each for each in call.state.trackers if each.id == tracker_id), None)
    if tracker is None:
        raise RefusedError(UNKNOWN_THING, "Tracker not found")
    return Tracker("", "", tracker.name, tracker.name, code)
