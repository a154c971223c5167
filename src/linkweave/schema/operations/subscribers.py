"""Queries and mutations of subscribers: addresses that the gateway tells of events."""

from dataclasses import replace
from secrets import token_hex, token_urlsafe
from typing import TYPE_CHECKING, Annotated

import strawberry

from linkweave.catalog.subscribers.subscribers import Subscriber as StoredSubscriber
from linkweave.catalog.subscribers.subscribers import SubscriberEvent
from linkweave.context.cache_control import forbid_storing
from linkweave.errors import InvalidInputError, LinkweaveError, SubscriberClientError, WebhooksOffError
from linkweave.gather.session import Session, catalog_of
from linkweave.gather.subscribers.addresses import ForbiddenAddressError, check_url
from linkweave.gather.subscribers.messages import check_message
from linkweave.gather.subscribers.signing import fingerprint, signed_headers, signing_secret
from linkweave.gather.subscribers.tools import MAX_SUBSCRIBERS, SubscriberTools
from linkweave.models import LinkFilter
from linkweave.schema.context import Info
from linkweave.schema.inputs.filters import LinkFilterInput, filters_by_account
from linkweave.schema.operations.failures import failure_of
from linkweave.schema.scalars import URL
from linkweave.schema.types.payloads import UserError, user_errors
from linkweave.schema.types.subscriber import (
    CreateSubscriberPayload,
    Subscriber,
    SubscriberPayload,
    TestSubscriberPayload,
)

if TYPE_CHECKING:
    # A gateway without a catalog starts without its database library.
    from linkweave.catalog.catalog import Catalog

SubscriberId = Annotated[strawberry.ID, strawberry.argument(description="The ID of the subscriber.")]


@strawberry.input(description="A subscriber to make.")
class CreateSubscriberInput:
    url: URL = strawberry.field(
        description=(
            "The address that messages are posted to. It must be public, and HTTPS, unless `hooks.allow_private` is on."
        )
    )
    events: list[SubscriberEvent] = strawberry.field(description="The events to be told of, at least one.")
    filter: LinkFilterInput | None = strawberry.field(
        default=None,
        description=(
            "Selects the links, as in `linkChanges`. The default is all links that the client may see, also of "
            "accounts that it may see later. Teams and campaigns cannot be given here."
        ),
    )


@strawberry.type(description="Mutations of subscribers.")
class SubscriberMutations:
    @strawberry.mutation(
        description=(
            "Makes a subscriber: the gateway posts a signed message to its address for each event. It tries again for "
            "a day, and then parks the subscriber. Needs the catalog."
        )
    )
    async def create_subscriber(
        self,
        info: Info,
        input: Annotated[CreateSubscriberInput, strawberry.argument(description="The subscriber to make.")],  # noqa: A002 - the contract's name
    ) -> CreateSubscriberPayload:
        session = info.context.session
        try:
            catalog, tools = _tools(session, "createSubscriber")
            subscriber, secret = _new(session, tools, input)
            if not await catalog.subscribers.create(subscriber, MAX_SUBSCRIBERS):
                raise InvalidInputError("input", f"is one more than the {MAX_SUBSCRIBERS} subscribers of a client")
        except LinkweaveError as error:
            errors = user_errors([failure_of(session, error)])
            return CreateSubscriberPayload(subscriber=None, secret=None, errors=errors)
        catalog.outbox.forget_subscribers()
        return CreateSubscriberPayload(subscriber=Subscriber.of(subscriber), secret=secret, errors=[])

    @strawberry.mutation(
        description="Deletes a subscriber, and the messages that wait for it. Needs the catalog.",
    )
    async def delete_subscriber(self, info: Info, id: SubscriberId) -> SubscriberPayload:  # noqa: A002 - the contract's name
        session = info.context.session
        try:
            catalog, found = await _find(session, "deleteSubscriber", id)
            await catalog.subscribers.delete(found.id)
        except LinkweaveError as error:
            return SubscriberPayload(subscriber=None, errors=_errors(session, error))
        catalog.outbox.forget_subscribers()
        return SubscriberPayload(subscriber=None, errors=[])

    @strawberry.mutation(
        description=(
            "Sends what waits for a subscriber again at once. One that was parked is told of events again, after a "
            "message of the type `gap`, because it has missed some. Needs the catalog."
        )
    )
    async def resume_subscriber(self, info: Info, id: SubscriberId) -> SubscriberPayload:  # noqa: A002 - the contract's name
        session = info.context.session
        try:
            catalog, found = await _find(session, "resumeSubscriber", id)
            await catalog.subscribers.resume(found.id, session.clock.now())
            current = await catalog.subscribers.find(found.id, session.client)
        except LinkweaveError as error:
            return SubscriberPayload(subscriber=None, errors=_errors(session, error))
        catalog.outbox.forget_subscribers()
        catalog.outbox.stored.set()
        return SubscriberPayload(subscriber=None if current is None else Subscriber.of(current), errors=[])

    @strawberry.mutation(
        description="Sends a message of the type `test` to a subscriber, once, and says what became of it."
    )
    async def test_subscriber(self, info: Info, id: SubscriberId) -> TestSubscriberPayload:  # noqa: A002 - the contract's name
        session = info.context.session
        try:
            _, tools = _tools(session, "testSubscriber")
            _, found = await _find(session, "testSubscriber", id)
        except LinkweaveError as error:
            return TestSubscriberPayload(delivered=False, status=None, error=None, errors=_errors(session, error))
        now = session.clock.now()
        body, signing = check_message(now), signing_secret(tools.secret, found.id)
        headers = signed_headers(signing, f"msg_{token_urlsafe(18)}", now, body)
        result = await tools.sender.send(found.url, headers, body)
        return TestSubscriberPayload(
            delivered=result.error is None, status=result.status, error=result.error, errors=[]
        )


@strawberry.type(description="Queries of subscribers.")
class SubscriberQueries:
    @strawberry.field(description="The subscribers that the caller has made, oldest first. Needs the catalog.")
    async def subscribers(self, info: Info) -> list[Subscriber]:
        session = info.context.session
        # Deliveries change them, and callers with equal rights have made different ones.
        forbid_storing()
        found = await catalog_of(session, "subscribers").subscribers.of_client(session.client)
        return [Subscriber.of(each) for each in found]


def _tools(session: Session, field: str) -> "tuple[Catalog, SubscriberTools]":
    catalog, tools = catalog_of(session, field), session.records.subscribers
    if tools is None:
        raise WebhooksOffError
    if tools.rights_of(session.client) is None:
        raise SubscriberClientError
    return catalog, tools


async def _find(session: Session, field: str, subscriber_id: str) -> "tuple[Catalog, StoredSubscriber]":
    catalog = catalog_of(session, field)
    found = await catalog.subscribers.find(subscriber_id, session.client)
    if found is None:
        raise InvalidInputError("id", "is not a subscriber of yours")
    return catalog, found


def _new(session: Session, tools: SubscriberTools, given: CreateSubscriberInput) -> tuple[StoredSubscriber, str]:
    """Returns a new subscriber, and its secret."""
    try:
        check_url(str(given.url), allow_private=tools.sender.allow_private)
    except ForbiddenAddressError as error:
        raise InvalidInputError("url", str(error)) from None
    if not given.events:
        raise InvalidInputError("events", "must name at least one event")
    accounts, conditions = _filter(session, given.filter)
    subscriber_id = token_hex(16)
    secret = signing_secret(tools.secret, subscriber_id)
    events = frozenset(given.events)
    stored = StoredSubscriber(
        subscriber_id,
        session.client,
        str(given.url),
        events,
        accounts,
        conditions,
        fingerprint(secret),
        session.clock.now(),
    )
    return stored, secret


def _filter(session: Session, given: LinkFilterInput | None) -> tuple[tuple[str, ...] | None, LinkFilter]:
    """Returns the keys of the accounts, or None for all, and the conditions on links."""
    if given is None:
        return None, LinkFilter()
    for name in ("teams", "campaigns"):
        if getattr(given, name) is not None:
            raise InvalidInputError(f"filter.{name}", "cannot be given for a subscriber")
    chosen = filters_by_account(session, given)
    if not chosen:
        raise InvalidInputError("filter", "selects no account")
    is_open = given.accounts is None and given.providers is None
    conditions = replace(chosen[0][1], team_ids=None, campaign_ids=None)
    return None if is_open else tuple(loaders.key for loaders, _ in chosen), conditions


def _errors(session: Session, error: LinkweaveError) -> list[UserError]:
    return user_errors([failure_of(session, error)], ())
