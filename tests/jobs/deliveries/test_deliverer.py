"""Events become signed messages: in order, again until they arrive, and to whom they are for."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import httpx2
import pytest
from pydantic import SecretStr

from harness.catalog_fixtures import opened
from harness.emulators import NOW, ManualClock
from harness.refusing_database import RefusingDatabase
from linkweave.catalog.catalog import Catalog
from linkweave.catalog.database import Database
from linkweave.catalog.outages import MAX_REFUSALS
from linkweave.catalog.subscribers.outbox import MAX_UNSTORED, Outbox
from linkweave.catalog.subscribers.subscribers import Subscriber, SubscriberEvent, SubscriberState
from linkweave.events.events import ClickEvent, Event, LinkEvent
from linkweave.gather.rights import FULL_RIGHTS, Rights
from linkweave.gather.subscribers.sender import Sender
from linkweave.gather.subscribers.signing import fingerprint, signing_secret
from linkweave.gather.subscribers.tools import SubscriberTools
from linkweave.jobs.deliveries.deliverer import Deliverer, DeliveryTools
from linkweave.models import Link, LinkFilter
from linkweave.models.link_changes import ChangeKind, SeenBy
from linkweave.observability import NO_OBSERVER
from linkweave.settings import CatalogSettings, Scope

SECRET: Final = SecretStr("a secret for the tests of subscribers")
LINK: Final = Link("h1", "https://go.example/one", "one", "https://example.com/", NOW, tags=("a",))
SUBSCRIBER: Final = Subscriber(
    "s1",
    "me",
    "https://hooks.example.com/in?key=1",
    frozenset(SubscriberEvent),
    None,
    LinkFilter(),
    fingerprint(signing_secret(SECRET, "s1")),
    NOW,
)


def created(handle: str, account: str = "one", **link: Any) -> LinkEvent:
    return LinkEvent(account, handle, ChangeKind.CREATED, NOW, SeenBy.SYNC, replace(LINK, handle=handle, **link))


def clicked(handle: str) -> ClickEvent:
    return ClickEvent("one", handle, NOW, SeenBy.WEBHOOK, 1, LINK, country="DE")


@dataclass
class World:
    """A catalog, a subscriber's server that answers with `statuses`, and a process that delivers."""

    catalog: Catalog
    clock: ManualClock
    statuses: list[int] = field(default_factory=list)
    requests: list[httpx2.Request] = field(default_factory=list)
    rights: dict[str, Rights] = field(default_factory=lambda: {"me": FULL_RIGHTS})
    secret: SecretStr = SECRET

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        status = self.statuses.pop(0) if self.statuses else 204
        return httpx2.Response(status, headers={"location": "http://169.254.169.254/", "retry-after": "40"})

    def deliverer(self) -> Deliverer:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self.respond))

        async def resolve(_: str) -> list[str]:
            return ["93.184.216.34"]

        tools = SubscriberTools(self.secret, Sender(http, resolve), self.rights.get)
        return Deliverer(
            DeliveryTools(
                self.catalog.subscribers,
                self.catalog.outbox,
                tools,
                lambda account, handle: f"{account}/{handle}",
                NO_OBSERVER,
                self.clock,
            )
        )

    async def add(self, subscriber: Subscriber = SUBSCRIBER) -> None:
        assert await self.catalog.subscribers.create(subscriber, 50)
        self.catalog.outbox.forget_subscribers()

    async def publish(self, *events: Event) -> None:
        self.catalog.publish(events)
        await self.catalog.outbox.close()

    async def deliver(self, after: float = 0) -> list[Any]:
        """Returns the bodies of the messages that are sent after some seconds."""
        self.clock.advance(after)
        self.requests.clear()
        await self.deliverer().deliver_due()
        return [json.loads(request.content) for request in self.requests]

    async def subscriber(self) -> Subscriber:
        (found,) = await self.catalog.subscribers.of_client("me")
        return found


@asynccontextmanager
async def world_over(database: Database) -> AsyncIterator[World]:
    clock = ManualClock()
    yield World(Catalog.over(database, clock, CatalogSettings()), clock)


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with opened(sqlite_url) as database, world_over(database) as made:
        yield made


async def test_events_arrive_in_order_signed_and_once(database: Database) -> None:
    async with world_over(database) as world:
        await world.add()
        await world.publish(created("h1"), clicked("h1"))
        await world.publish(created("h2"))
        messages = await world.deliver()
        assert [message["type"] for message in messages] == ["link.created", "link.clicked", "link.created"]
        assert messages[1] == {
            "type": "link.clicked",
            "timestamp": "2026-11-20T10:30:00Z",
            "data": {
                "account": "one",
                "linkId": "one/h1",
                "seenBy": "WEBHOOK",
                "link": {
                    "shortUrl": "https://go.example/one",
                    "slug": "one",
                    "destination": "https://example.com/",
                    "domain": None,
                    "title": None,
                    "note": None,
                    "tags": ["a"],
                    "createdAt": None,
                    "archived": None,
                    "externalId": None,
                },
                "count": 1,
                "country": "DE",
                "device": None,
                "referrer": None,
            },
        }
        ids = {request.headers["webhook-id"] for request in world.requests}
        assert len(ids) == 3
        assert await world.deliver(60) == []
        assert (await world.subscriber()).last_delivered_at == NOW


async def test_a_message_that_does_not_arrive_is_sent_again_before_those_behind_it(world: World) -> None:
    await world.add()
    await world.publish(created("h1"), created("h2"))
    world.statuses = [500, 302, 204]
    first = await world.deliver()
    names = [request.headers["webhook-id"] for request in world.requests]
    assert (len(first), (await world.subscriber()).state) == (1, SubscriberState.FAILING)
    # The subscriber asks for 40 seconds.
    assert await world.deliver(39) == []
    assert await world.deliver(1) == first
    assert (await world.subscriber()).error == "it answered with HTTP 302"
    again = await world.deliver(40)
    assert [message["data"]["linkId"] for message in again] == ["one/h1", "one/h2"]
    assert names == [world.requests[0].headers["webhook-id"]]
    assert (await world.subscriber()).state is SubscriberState.ACTIVE


async def test_after_a_day_a_subscriber_is_parked_and_resuming_tells_of_the_gap(world: World) -> None:
    await world.add()
    await world.publish(created("h1"))
    attempts = 0
    while (await world.subscriber()).state is not SubscriberState.PARKED:
        world.statuses = [503]
        attempts += len(await world.deliver(4 * 3600))
    assert 6 < attempts < 12
    await world.publish(created("missed"))
    assert await world.deliver(86_400) == []
    await world.catalog.subscribers.resume("s1", world.clock.now())
    world.catalog.outbox.forget_subscribers()
    await world.publish(created("h2"))
    messages = await world.deliver()
    assert [(each["type"], each["data"].get("linkId")) for each in messages] == [
        ("link.created", "one/h1"),
        ("gap", None),
        ("link.created", "one/h2"),
    ]


async def _gone(world: World) -> None:
    world.statuses = [410]


async def _removed_client(world: World) -> None:
    world.rights.clear()


async def _writing_client(world: World) -> None:
    world.rights["me"] = Rights(frozenset({Scope.WRITE}))


async def _other_secret(world: World) -> None:
    world.secret = SecretStr("another secret, which is as long as it must be")


@pytest.mark.parametrize("happens", [_gone, _removed_client, _writing_client, _other_secret])
async def test_what_cannot_get_better_parks_a_subscriber_at_once(world: World, happens: Callable[[World], Any]) -> None:
    await world.add()
    await world.publish(created("h1"))
    await happens(world)
    await world.deliver()
    found = await world.subscriber()
    assert (found.state, bool(found.error)) == (SubscriberState.PARKED, True)


async def test_only_what_the_client_wants_and_may_see_is_sent(world: World) -> None:
    some = frozenset({SubscriberEvent.LINK_CREATED})
    await world.add(replace(SUBSCRIBER, events=some, accounts=("one", "two"), filter=LinkFilter(tags_any=("a",))))
    await world.publish(
        clicked("h1"), created("three", "three"), created("two", "two"), created("untagged", tags=()), created("h1")
    )
    world.rights["me"] = Rights(accounts=frozenset({"one", "three"}))
    assert [message["data"]["linkId"] for message in await world.deliver()] == ["one/h1"]
    assert await world.catalog.subscribers.waiting("s1") == 0


async def test_above_the_limit_events_are_lost_and_told_as_a_gap(world: World) -> None:
    small = Outbox(world.catalog.database, world.clock, max_waiting=2)
    world.catalog = replace(world.catalog, outbox=small, publish=small.publish)
    await world.add()
    await world.publish(*(created(f"h{number}") for number in range(4)))
    await world.publish(created("later"))
    assert [message["type"] for message in await world.deliver()] == ["link.created", "link.created", "gap"]
    world.catalog.outbox.forget_subscribers()
    await world.publish(created("after"))
    assert [message["data"]["linkId"] for message in await world.deliver()] == ["one/after"]


@pytest.mark.parametrize(
    ("sleeps", "told"),
    [(MAX_REFUSALS - 1, ["link.created", "link.created"]), (MAX_REFUSALS, ["link.created", "gap"])],
)
async def test_what_the_database_refuses_is_tried_again_and_then_told_as_a_gap(
    world: World, sleeps: int, told: list[str]
) -> None:
    refusing = RefusingDatabase(world.catalog.database, "deliveries", sleeps)
    outbox = Outbox(world.catalog.database, refusing)
    world.catalog = replace(world.catalog, outbox=outbox, publish=outbox.publish)
    await world.add()
    await world.publish(created("before"))
    await refusing.refuse()
    await world.publish(created("h1"))
    assert [message["type"] for message in await world.deliver()] == told


async def test_more_events_than_may_wait_for_the_database_are_told_as_a_gap(world: World) -> None:
    await world.add(replace(SUBSCRIBER, events=frozenset({SubscriberEvent.LINK_CLICKED})))
    await world.publish(*[created("h1")] * (MAX_UNSTORED + 1))
    assert [message["type"] for message in await world.deliver()] == ["gap"]


async def test_one_process_at_a_time_serves_a_subscriber_until_its_lease_ends(world: World) -> None:
    await world.add()
    await world.publish(created("h1"))
    assert await world.catalog.subscribers.acquire("killed", world.clock.now()) is not None
    assert await world.deliver(59) == []
    assert len(await world.deliver(1)) == 1
    assert not await world.catalog.subscribers.delivered("s1", "killed", 1, NOW + timedelta(minutes=1))
