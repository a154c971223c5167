"""The plan, the quotas and the health of an account."""

from datetime import datetime

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.context import Info
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.scalars import Long
from linkweave.schema.types.pagination import SourceError
from linkweave.transport.health import CircuitState, HealthState
from linkweave.transport.rate_limit.limiter import SlidingWindow


@strawberry.type(description="The account's plan at its provider.")
class Plan:
    name: str = strawberry.field(description="The provider's name for the plan.")
    expires_at: datetime | None = strawberry.field(description="When the plan ends.")
    active: bool | None = strawberry.field(description="Whether the plan is active.")


@strawberry.type(description="The provider's user to whom the account's credentials belong.")
class AccountUser:
    id: str | None = strawberry.field(description="The provider's own ID of the user.")
    name: str | None = strawberry.field(description="The name or the e-mail address with which the user logs in.")


@strawberry.type(description="A usage counter of the provider, and its limit.")
class Quota:
    name: str = strawberry.field(
        description=(
            "What is counted, under the same name for all providers: `apiCallsToday`, `apiCallsThisMonth`, "
            "`apiCallsThisYear`, `links`, `linksToday`, `linksThisMonth`. Another counter keeps the provider's name."
        )
    )
    provider_name: str = strawberry.field(description="The provider's name for the counter.")
    used: int = strawberry.field(graphql_type=Long, description="The amount that is used.")
    limit: int | None = strawberry.field(
        graphql_type=Long | None,
        description="The maximum amount. Null if there is no limit, or if the provider does not report it.",
    )
    remaining: int | None = strawberry.field(
        graphql_type=Long | None, description="The amount that is left. Null if `limit` is null."
    )
    resets_at: datetime | None = strawberry.field(
        description="When the counter goes back to zero. Null if the provider does not say."
    )

    @classmethod
    def of(cls, quota: models.Quota) -> "Quota":
        return cls(
            name=quota.name,
            provider_name=quota.provider_name or quota.name,
            used=quota.used,
            limit=quota.limit,
            remaining=quota.remaining,
            resets_at=quota.resets_at,
        )


@strawberry.type(description="The number of links created over the API for one external ID.")
class ExternalIdUsage:
    external_id: str | None = strawberry.field(description="The external ID. Null stands for all links without one.")
    links: int = strawberry.field(graphql_type=Long, description="The number of links.")


@strawberry.type(description="A rate limit that the provider documents, and what is left of it.")
class RateLimit:
    bucket: str = strawberry.field(description="The group of the provider's endpoints that share the limit.")
    limit: int = strawberry.field(description="The maximum number of calls within `perSeconds` seconds.")
    per_seconds: float = strawberry.field(description="The length of the time window in seconds.")
    remaining: int = strawberry.field(description="The number of calls that the gateway can make now without waiting.")
    next_at: datetime | None = strawberry.field(
        description="When the gateway can make the next call. Null if it can make one now."
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


@strawberry.type(
    description=("The health of an account, as the gateway has observed it. Reading it does not call the provider.")
)
class AccountHealth:
    loaders: strawberry.Private[AccountLoaders]
    state: HealthState = strawberry.field(description="The state after the latest calls.")
    circuit: CircuitState = strawberry.field(description="The state of the circuit breaker.")
    last_success_at: datetime | None = strawberry.field(
        description="When the gateway last received a valid answer from the provider."
    )
    last_error: SourceError | None = strawberry.field(description="The latest failure. It may be long ago.")
    rate_limits: list[RateLimit] = strawberry.field(description="The provider's rate limits.")

    @classmethod
    def of(cls, loaders: AccountLoaders) -> "AccountHealth":
        account, health = loaders.account, loaders.account.health
        return cls(
            loaders=loaders,
            state=health.state,
            circuit=health.circuit,
            last_success_at=health.last_success_at,
            last_error=SourceError.of(health.last_error),
            rate_limits=[RateLimit.of(window) for window in account.windows],
        )

    @strawberry.field(description="The account.")
    def account(self, info: Info) -> LazyAccount:
        return info.context.nodes.account(self.loaders)
