"""The catalog, and how far it is in step with each account."""

from datetime import datetime

import strawberry

from linkweave.catalog.sync.account_progress import AccountProgress, SyncState
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.scalars import Long
from linkweave.schema.types.account import Account


@strawberry.type(
    description=(
        "The calls that the gateway makes to keep its catalog in step with an account. They are a small share of what "
        "the account's plan allows, so that most calls are left to callers."
    )
)
class CatalogBudget:
    calls_today: int = strawberry.field(
        graphql_type=Long, description="The number of calls that the gateway has made for this today, in UTC."
    )
    limit: int | None = strawberry.field(
        graphql_type=Long | None,
        description="The number of calls that it may make today. Null if the account's plan has no known limit.",
    )


@strawberry.type(description="How far the gateway's catalog is in step with one account.")
class CatalogAccount:
    account: Account = strawberry.field(description="The account.")
    state: SyncState = strawberry.field(description="How far the catalog is in step.")
    links: int = strawberry.field(
        graphql_type=Long,
        description="The number of links of the account that the catalog has. Deleted ones do not count.",
    )
    last_full_sync: datetime | None = strawberry.field(
        description="When all links of the account were read completely. Null if they never were."
    )
    last_sync: datetime | None = strawberry.field(
        description="When new links, all links or clicks were read from the account. Null if they never were."
    )
    statistics_as_of: datetime | None = strawberry.field(
        description=(
            "The clicks of each link were read at this time or later. Links whose clicks were never read do not count. "
            "Null if there are no others."
        )
    )
    progress: float | None = strawberry.field(
        description=(
            "The part of the links that the running full sync has read, from 0 to 1. It is 1 between two full syncs. "
            "Null before the end of the first one, because the number of links is not known."
        )
    )
    error: str | None = strawberry.field(description="Why the latest call for the catalog failed. Null if it did not.")
    budget: CatalogBudget = strawberry.field(description="The calls that the gateway makes for the catalog.")

    @classmethod
    def of(cls, loaders: AccountLoaders, progress: AccountProgress) -> "CatalogAccount":
        return cls(
            account=Account.of(loaders),
            state=progress.state,
            links=progress.links,
            last_full_sync=progress.last_full_sync,
            last_sync=progress.last_sync,
            statistics_as_of=progress.statistics_as_of,
            progress=progress.progress,
            error=progress.error,
            budget=CatalogBudget(calls_today=progress.calls_today, limit=progress.calls_limit),
        )


@strawberry.type(
    description=(
        "The catalog is the gateway's own database of the links that it has seen, and of their clicks. The gateway "
        "keeps it in step with the providers, within their limits."
    )
)
class Catalog:
    accounts: list[CatalogAccount] = strawberry.field(
        description="How far the catalog is in step with each account, in the order of the configuration."
    )
