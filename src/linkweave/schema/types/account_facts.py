"""What is told of an account beside its links."""

from datetime import datetime

import strawberry

from linkweave.accounts import Account as OpenAccount
from linkweave.schema.types.pagination import SourceError
from linkweave.transport.health import CircuitState, HealthState
from linkweave.transport.rate_limit.limiter import SlidingWindow


@strawberry.type(description="What the account has subscribed to at its provider.")
class Plan:
    name: str = strawberry.field(description="The provider's own name of the plan.")
    expires_at: datetime | None = strawberry.field(description="When it ends.")
    active: bool | None = strawberry.field(description="Whether it is paid for and running.")


@strawberry.type(description="A counter of the provider's and its ceiling.")
class Quota:
    name: str = strawberry.field(description="What is counted, in the provider's words.")
    used: int = strawberry.field(description="How much is used up.")
    limit: int | None = strawberry.field(
        description="How much there is; null where there is no ceiling or it is not told."
    )
    resets_at: datetime | None = strawberry.field(description="When the counter starts again.")


@strawberry.type(description="Links made over the API for one external id.")
class ExternalIdUsage:
    external_id: str | None = strawberry.field(description="The id; null collects the links without one.")
    links: int = strawberry.field(description="How many links were made.")


@strawberry.type(description="Calls that may still be made within one of the provider's documented limits.")
class RateLimit:
    bucket: str = strawberry.field(description="The group of endpoints that share the limit.")
    limit: int = strawberry.field(description="So many calls are allowed …")
    per_seconds: float = strawberry.field(description="… in any so many seconds.")
    remaining: int = strawberry.field(description="Calls that may be made now without waiting.")
    next_at: datetime | None = strawberry.field(
        description="When the next call may be made; null when it may be made now."
    )

    @classmethod
    def of(cls, window: SlidingWindow) -> "RateLimit":
        return cls(
            bucket=window.rate.bucket,
            limit=window.rate.limit,
            per_seconds=window.rate.seconds,
            remaining=window.free(),
            next_at=window.next_at(),
        )


@strawberry.type(description="What the gateway itself has seen of this account. Reading it asks the provider nothing.")
class AccountHealth:
    state: HealthState = strawberry.field(description="By the latest calls.")
    circuit: CircuitState = strawberry.field(description="Whether calls are made at all.")
    last_success_at: datetime | None = strawberry.field(description="When the provider last answered.")
    last_error: SourceError | None = strawberry.field(description="The latest failure, however long ago.")
    rate_limits: list[RateLimit] = strawberry.field(description="The provider's limits and what is left of them.")

    @classmethod
    def of(cls, account: OpenAccount) -> "AccountHealth":
        health = account.health
        return cls(
            state=health.state,
            circuit=health.circuit,
            last_success_at=health.last_success_at,
            last_error=SourceError.of(health.last_error),
            rate_limits=[RateLimit.of(window) for window in account.windows],
        )
