"""Trackers put on ShortenWorld's links and taken off, and links deleted."""

import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import LOGIN, Vendor, account_of, adapter_of, good
from harness.shortenworld_writing import (
    ADD_TRACKERS,
    DELETE,
    LINK_TRACKERS,
    REMOVE_TRACKER,
    SHOWN,
    all_links,
    writes_seen,
)
from linkweave.errors import NotFoundError, UnsupportedError
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
async def test_trackers_are_added_in_one_call_in_the_documents_words(new: NewTrackers, body: dict[str, object]) -> None:
    it = bench("shortenworld")

    await adapter_of(it.account).add_trackers(new)

    assert writes_seen(it) == [("POST", ADD_TRACKERS, {}, {"linkId": WITHOUT, **body})]
    assert [call.path for call in it.calls] == [LOGIN, ADD_TRACKERS, LINK_TRACKERS]


async def test_the_trackers_of_the_link_are_given_afterwards() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    earlier = await adapter.list_link_trackers(SHOWN)

    copied = await adapter.add_trackers(NewTrackers(SHOWN, all_team_trackers=True))
    added = await adapter.add_trackers(NewTrackers(SHOWN, tracker="3", code="GTM-1"))

    assert copied[: len(earlier)] == earlier
    assert [(each.name, each.kind, each.code) for each in added[len(earlier) :]] == [
        ("Facebook ads APAC", "Facebook Pixel", "100200300400"),
        ("Web analytics", "Google Analytics Pixel", "G-SANDBOX01"),
        ("Google Tag Manager Pixel", "Google Tag Manager Pixel", "GTM-1"),
    ]
    assert added == await adapter.list_link_trackers(SHOWN)
    assert len({each.id for each in added}) == len(added)


async def test_a_tracker_is_taken_off_by_its_own_id_in_the_query() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    (tracker,) = await adapter.list_link_trackers(SHOWN)

    await adapter.remove_tracker(tracker.id)

    assert writes_seen(it) == [("DELETE", REMOVE_TRACKER, {"linkTrackerId": tracker.id}, None)]
    assert await adapter.list_link_trackers(SHOWN) == ()


async def test_an_added_tracker_can_be_taken_off_and_the_others_stay() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    first, second = await adapter.add_trackers(NewTrackers(WITHOUT, ("tt-1", "tt-2")))

    await adapter.remove_tracker(first.id)

    assert await adapter.list_link_trackers(WITHOUT) == (second,)


@pytest.mark.parametrize(
    "new",
    [
        NewTrackers("nobody", ("tt-1",)),
        NewTrackers(WITHOUT, ("tt-1", "tt-3")),
        NewTrackers(WITHOUT, tracker="99", code="X"),
    ],
)
async def test_an_unknown_link_or_tracker_is_not_found_and_nothing_is_added(new: NewTrackers) -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)

    with pytest.raises(NotFoundError):
        await adapter.add_trackers(new)

    assert await adapter.list_link_trackers(WITHOUT) == ()


async def test_a_tracker_that_is_gone_is_not_found() -> None:
    it = bench("shortenworld")

    with pytest.raises(NotFoundError, match="remove a tracker"):
        await adapter_of(it.account).remove_tracker("nothing")


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
async def test_what_one_call_cannot_say_is_not_called(new: NewTrackers) -> None:
    it = bench("shortenworld")

    with pytest.raises(UnsupportedError):
        await adapter_of(it.account).add_trackers(new)

    assert it.calls == []


async def test_trackers_of_a_link_are_read_after_they_were_added() -> None:
    row = {"id": 5, "name": "Pixel", "trackerName": "Facebook Pixel", "code": "1"}
    vendor = Vendor({ADD_TRACKERS: good(), LINK_TRACKERS: good(linkTrackers=[row])})

    trackers = await adapter_of(account_of(vendor)).add_trackers(NewTrackers("id-1", ("1",)))

    assert trackers == (Tracker("5", "Pixel", TrackerScope.LINK, "Facebook Pixel", "1"),)


async def test_a_deleted_link_is_in_no_list_and_cannot_be_deleted_again() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    before = {link.handle for link in await all_links(adapter)}

    await adapter.delete_link(SHOWN)
    after = {link.handle for link in await all_links(adapter)}
    with pytest.raises(NotFoundError, match="delete a link"):
        await adapter.delete_link(SHOWN)

    assert before - after == {SHOWN}
    assert writes_seen(it) == [("DELETE", DELETE, {"linkId": SHOWN}, None)] * 2
