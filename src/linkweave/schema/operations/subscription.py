"""The type Subscription."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Final, Self, cast

import strawberry

from linkweave.clock import Clock
from linkweave.errors import InvalidInputError, SubscriptionsOffError
from linkweave.events.events import LinkEvent as StoredLinkEvent
from linkweave.events.events import Topic
from linkweave.events.subscriber import Entry, Subscriber
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.residual_filters import LinkPredicate, cannot_match, residual_predicates
from linkweave.gather.session import catalog_of
from linkweave.models.link_changes import ChangeKind
from linkweave.schema.context import Context, Info
from linkweave.schema.execution.subscriptions import EventMaker, EventSource
from linkweave.schema.inputs.filters import LinkFilterInput, account_keys, filters_by_account
from linkweave.schema.operations.copying import JobSubscriptions
from linkweave.schema.types.account_facts import AccountHealth
from linkweave.schema.types.link_event import ClickEvent, LinkEvent

# Seconds between two looks at the health of accounts.
HEALTH_SECONDS: Final = 1.0

Filter = Annotated[
    LinkFilterInput | None,
    strawberry.argument(
        description=(
            "Selects the links. The default is all links. An event whose link the gateway does not know meets no "
            "condition but those on accounts and providers. A gap is always told."
        )
    ),
]
AfterEvent = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description=(
            "The `id` of the last event that you have. Then the events behind it come first. What the gateway does not "
            "have of them any more is told as a gap. The default is: only what happens from now on."
        )
    ),
]


@strawberry.type(
    description=(
        "Events, as they happen. The gateway checks the caller's rights at each of them. A subscription ends when the "
        "caller's token does, and when the gateway stops or loads another configuration: subscribe again then, with "
        "`after`."
    )
)
class Subscription(JobSubscriptions):
    @strawberry.subscription(
        description=(
            "Changes of links. With the catalog, these are changes through the gateway, and those that it sees when it "
            "reads the provider's lists. Without the catalog, they are only those through the gateway. Changes that a "
            "webhook of the provider tells come in both cases."
        )
    )
    async def link_changes(
        self,
        info: Info,
        filter: Filter = None,  # noqa: A002 - the contract's name
        kinds: Annotated[
            list[ChangeKind] | None,
            strawberry.argument(description="Only changes of these kinds. A gap is always told."),
        ] = None,
        after: AfterEvent = None,
    ) -> AsyncGenerator[LinkEvent, None]:
        if kinds is not None and not kinds:
            raise InvalidInputError("kinds", "must name at least one kind; null stands for all of them")

        def is_wanted(entry: Entry) -> bool:
            event = entry.event
            return kinds is None or not isinstance(event, StoredLinkEvent) or event.kind in kinds

        events = await _listen(info, Topic.LINKS, filter, after, LinkEvent.from_entry, is_wanted)
        return cast("AsyncGenerator[LinkEvent, None]", events)

    @strawberry.subscription(
        description=(
            "Clicks of links: each one, where a webhook of the provider tells it, and else as the gateway sees the "
            "total rise when it reads it. Needs the catalog or webhooks."
        )
    )
    async def clicks(
        self,
        info: Info,
        filter: Filter = None,  # noqa: A002 - the contract's name
        after: AfterEvent = None,
    ) -> AsyncGenerator[ClickEvent, None]:
        session = info.context.session
        if session.records.webhooks is None:
            catalog_of(session, "clicks")
        events = await _listen(info, Topic.CLICKS, filter, after, ClickEvent.from_entry)
        return cast("AsyncGenerator[ClickEvent, None]", events)

    @strawberry.subscription(
        description=(
            "The health of each account at once, and then whenever its state, its circuit or its latest error changes. "
            "Each process of the gateway observes it by itself."
        )
    )
    async def account_health(
        self,
        info: Info,
        accounts: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(
                description="Only these accounts. Each is an account key or an account ID. The default is all accounts."
            ),
        ] = None,
    ) -> AsyncGenerator[AccountHealth, None]:
        session = info.context.session
        chosen = session.choose("accounts", account_keys(session, "accounts", accounts))
        return cast("AsyncGenerator[AccountHealth, None]", _HealthChanges(chosen, session.clock))


async def _listen(
    info: Info,
    topic: Topic,
    filter_input: LinkFilterInput | None,
    after: str | None,
    make: Callable[[Entry, Context], object | None],
    is_wanted: Callable[[Entry], bool] = lambda _: True,
) -> EventSource:
    session = info.context.session
    log = session.events
    if log is None:
        raise SubscriptionsOffError
    predicates = {
        loaders.key: residual_predicates(link_filter, frozenset())
        for loaders, link_filter in filters_by_account(session, filter_input)
        if not cannot_match(link_filter)
    }
    return _LogEvents(partial(log.subscribe, topic, predicates, after), predicates, is_wanted, make)


class _LogEvents:
    """The events of a log that match the predicates of their account."""

    __slots__ = ("_is_wanted", "_make", "_predicates", "_subscribe", "_subscriber")

    def __init__(
        self,
        subscribe: Callable[[], Awaitable[Subscriber]],
        predicates: Mapping[str, Sequence[LinkPredicate]],
        is_wanted: Callable[[Entry], bool],
        make: Callable[[Entry, Context], object | None],
    ) -> None:
        self._subscribe = subscribe
        self._predicates = predicates
        self._is_wanted = is_wanted
        self._make = make
        self._subscriber: Subscriber | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventMaker:
        if self._subscriber is None:
            self._subscriber = await self._subscribe()
        async for entry in self._subscriber:
            if self._is_wanted(entry) and _matches(entry, self._predicates[entry.account]):
                return partial(self._make, entry)
        raise StopAsyncIteration

    def close(self) -> None:
        if self._subscriber is not None:
            self._subscriber.close()


def _matches(entry: Entry, predicates: Sequence[LinkPredicate]) -> bool:
    if entry.event is None or not predicates:
        return True
    link = entry.event.link
    return link is not None and all(matches(link) for matches in predicates)


class _HealthChanges:
    """The health of each account at once, and then each change that a look at it finds."""

    __slots__ = ("_accounts", "_clock", "_known")

    def __init__(self, accounts: Sequence[AccountLoaders], clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._known: dict[str, object] = {}

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventMaker:
        while True:
            for loaders in self._accounts:
                health = loaders.account.health
                state = (health.state, health.circuit, health.last_error)
                if self._known.get(loaders.key) != state:
                    self._known[loaders.key] = state
                    return partial(_health_of, loaders.key)
            await self._clock.sleep(HEALTH_SECONDS)

    def close(self) -> None:
        """There is nothing to end."""


def _health_of(key: str, context: Context) -> AccountHealth | None:
    loaders = context.session.accounts.get(key)
    return None if loaders is None else AccountHealth.of(loaders)
