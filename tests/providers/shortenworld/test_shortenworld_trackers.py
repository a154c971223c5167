"""ShortenWorld: how trackers are put on links and taken off, and how links are deleted."""

import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import (
    ADD_TRACKERS,
    DELETE,
    LINK_TRACKERS,
    LOGIN,
    REMOVE_TRACKER,
    SHOWN,
    adapter_answering,
    adapter_of,
    good,
    over_emulator,
    writes_seen,
)
from linkweave.errors import AmbiguousError, NotFoundError, UnsupportedError
from linkweave.models import Tracker, TrackerScope
from linkweave.models.changes import NewTrackers

WITHOUT = "65a10002"


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (NewTrackers(WITHOUT, ("tt-2", "tt-1")), {"type": "1", "teamTrackers": ["tt-2", "tt-1"]}),
        (NewTrackers(WITHOUT, all_team_trackers=True), {"type": "1", "teamTrackers": "all-trackers"}),
        (NewTrackers(WITHOUT, tracker="3", code="GTM-1"), {"type": "0", "code": "GTM-1", "trackerId": "3"}),
    ],
)
async def test_trackers_are_added_in_one_call_and_then_listed(new: NewTrackers, body: dict[str, object]) -> None:
    it = bench("shortenworld")
    added = await adapter_of(it).add_trackers(new)
    assert writes_seen(it) == [("POST", ADD_TRACKERS, {}, {"linkId": WITHOUT, **body})]
    assert [call.path for call in it.calls] == [LOGIN, ADD_TRACKERS, LINK_TRACKERS]
    assert added == await adapter_of(it).list_link_trackers(WITHOUT)
    assert len({each.id for each in added}) == len(added) == (1 if new.tracker else 2)


async def test_a_tracker_is_taken_off_by_its_own_id_in_the_query() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    first, second = await adapter.add_trackers(NewTrackers(WITHOUT, ("tt-1", "tt-2")))
    await adapter.remove_tracker(first.id)
    assert writes_seen(it)[-1] == ("DELETE", REMOVE_TRACKER, {"linkTrackerId": first.id}, None)
    assert await adapter.list_link_trackers(WITHOUT) == (second,)
    with pytest.raises(NotFoundError, match="remove a tracker"):
        await adapter.remove_tracker(first.id)


@pytest.mark.parametrize(
    "new",
    [
        NewTrackers(WITHOUT),
        NewTrackers(WITHOUT, ("tt-1",), all_team_trackers=True),
        NewTrackers(WITHOUT, ("tt-1",), tracker="3", code="GTM-1"),
        NewTrackers(WITHOUT, all_team_trackers=True, tracker="3", code="GTM-1"),
        NewTrackers(WITHOUT, tracker="3"),
        NewTrackers(WITHOUT, code="GTM-1"),
    ],
)
async def test_an_addition_that_is_not_one_call_is_unsupported(new: NewTrackers) -> None:
    it = bench("shortenworld")
    with pytest.raises(UnsupportedError):
        await adapter_of(it).add_trackers(new)
    assert it.calls == []


async def test_a_tracker_on_a_link_has_its_name_kind_and_code() -> None:
    row = {"id": 5, "name": "Pixel", "trackerName": "Facebook Pixel", "code": "1"}
    adapter = adapter_answering({ADD_TRACKERS: good(), LINK_TRACKERS: good(linkTrackers=[row])})
    trackers = await adapter.add_trackers(NewTrackers("id-1", ("1",)))
    assert trackers == (Tracker("5", "Pixel", TrackerScope.LINK, "Facebook Pixel", "1"),)


async def test_an_addition_after_which_trackers_cannot_be_listed_is_ambiguous() -> None:
    adapter, vendor = over_emulator({LINK_TRACKERS: (500, b"")})
    with pytest.raises(AmbiguousError, match="did not list") as failure:
        await adapter.add_trackers(NewTrackers(SHOWN, ("tt-1",)))
    assert failure.value.operation == "add trackers"
    assert vendor.paths.count(ADD_TRACKERS) == 1


async def test_a_link_is_deleted_by_its_id_in_the_query() -> None:
    it = bench("shortenworld")
    await adapter_of(it).delete_link(SHOWN)
    assert writes_seen(it) == [("DELETE", DELETE, {"linkId": SHOWN}, None)]
