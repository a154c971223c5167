"""The inputs that copy links between accounts, and import links."""

import strawberry

from linkweave.catalog.jobs.copy_plans import OnConflict, SlugChoice
from linkweave.schema.inputs.filters import LinkFilterInput


@strawberry.input(description="The copy to make a plan of.")
class PlanCopyInput:
    source: strawberry.ID = strawberry.field(
        name="from", description="The account to copy from: its key or its ID. Its links are not changed."
    )
    target: strawberry.ID = strawberry.field(name="to", description="The account to copy to: its key or its ID.")
    filter: LinkFilterInput | None = strawberry.field(
        default=None, description="Selects the links to copy, at most 10,000. The default is all links of the account."
    )
    slug: SlugChoice = strawberry.field(default=SlugChoice.KEEP, description="Which slug the copies have.")
    on_conflict: OnConflict = strawberry.field(
        default=OnConflict.SKIP, description="What becomes of a copy whose slug is taken."
    )
    domain: str | None = strawberry.field(
        default=None,
        description="The short domain of the copies. Without it, the provider chooses, or names the domains it allows.",
    )


@strawberry.input(description="The copy to start.")
class StartCopyInput:
    plan: strawberry.ID = strawberry.field(description="The ID of the plan. Each plan has one job.")
    allow_loss: bool = strawberry.field(
        default=False, description="Whether to copy links that lose a field as well (`READY_WITH_LOSS`)."
    )


@strawberry.input(description="The links to import.")
class ImportLinksInput:
    account: strawberry.ID = strawberry.field(description="The account that has the links: its key or its ID.")
    short_urls: list[str] = strawberry.field(
        description="The short URLs, at most 100. One that is malformed is an error of its own result."
    )
