"""A subscriber, and the payloads of its mutations."""

from datetime import datetime

import strawberry

from linkweave.catalog.subscribers.subscribers import Subscriber as StoredSubscriber
from linkweave.catalog.subscribers.subscribers import SubscriberEvent, SubscriberState
from linkweave.gather.session import catalog_of
from linkweave.schema.context import Info
from linkweave.schema.scalars import URL
from linkweave.schema.types.payloads import UserError


@strawberry.type(
    description=(
        "An address that the gateway tells of events, by messages that are signed as Standard Webhooks says. Only the "
        "client who made it sees it, and is told only of what this client may see at that moment."
    )
)
class Subscriber:
    stored: strawberry.Private[StoredSubscriber]
    id: strawberry.ID = strawberry.field(description="The ID of the subscriber.")
    url: URL = strawberry.field(description="The address.")
    events: list[SubscriberEvent] = strawberry.field(description="The events that it is told of.")
    state: SubscriberState = strawberry.field(description="Whether it is told of events, and whether that works.")
    error: str | None = strawberry.field(description="Why the latest attempt failed. Null if it did not.")
    failing_since: datetime | None = strawberry.field(description="When the first attempt failed. Null if none did.")
    next_attempt_at: datetime | None = strawberry.field(
        description="When the message is sent again. Null if none waits for that."
    )
    last_delivered_at: datetime | None = strawberry.field(
        description="When the latest message arrived. Null if none has."
    )
    created_at: datetime = strawberry.field(description="When the subscriber was made.")

    @classmethod
    def of(cls, stored: StoredSubscriber) -> "Subscriber":
        return cls(
            stored=stored,
            id=strawberry.ID(stored.id),
            url=URL(stored.url),
            events=sorted(stored.events, key=lambda event: event.value),
            state=stored.state,
            error=stored.error,
            failing_since=stored.failing_since,
            next_attempt_at=None if stored.is_parked else stored.next_at,
            last_delivered_at=stored.last_delivered_at,
            created_at=stored.created_at,
        )

    @strawberry.field(description="The number of messages that wait to be delivered.")
    async def waiting(self, info: Info) -> int:
        return await catalog_of(info.context.session, "waiting").subscribers.waiting(self.stored.id)


@strawberry.type(description="The result of making a subscriber.")
class CreateSubscriberPayload:
    subscriber: Subscriber | None = strawberry.field(description="The subscriber. Null if the operation failed.")
    secret: str | None = strawberry.field(
        description="The secret by which the subscriber checks signatures. It is told only now."
    )
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of a change of a subscriber.")
class SubscriberPayload:
    subscriber: Subscriber | None = strawberry.field(
        description="The subscriber as it is now. Null if it was deleted, or if the operation failed."
    )
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of a message that only shows whether messages arrive.")
class TestSubscriberPayload:
    delivered: bool = strawberry.field(description="Whether the subscriber has answered with success.")
    status: int | None = strawberry.field(description="The HTTP status of the answer. Null if there was none.")
    error: str | None = strawberry.field(description="Why it was not delivered. Null if it was.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if a message was sent.")
