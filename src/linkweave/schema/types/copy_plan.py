"""The plan of a copy."""

from datetime import datetime

import strawberry

from linkweave.catalog.jobs.copy_plans import CopyPlan as StoredPlan
from linkweave.catalog.jobs.copy_plans import CopyState, PlanRow
from linkweave.gather.session import catalog_of
from linkweave.jobs.copying.patches import patched
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.names import to_camel_case
from linkweave.schema.scalars import URL
from linkweave.schema.types.account import Account
from linkweave.schema.types.node import Node
from linkweave.schema.types.pagination import After, First, PageInfo, build_page, page_size

_DEFAULT_ROWS = 50


@strawberry.type(description="A field that the copy of a link will not have.")
class LostField:
    field: str = strawberry.field(description="The name of the field, as in `CreateLinkInput`.")
    message: str = strawberry.field(description="Why the copy cannot have it.")


@strawberry.type(description="The link that a copy creates.")
class CopyTarget:
    destination: URL = strawberry.field(description="The destination.")
    slug: str | None = strawberry.field(description="The slug. Null if the provider chooses it.")
    domain: str | None = strawberry.field(description="The short domain. Null if the provider chooses it.")
    title: str | None = strawberry.field(description="The title.")
    tags: list[str] = strawberry.field(description="The tags.")


@strawberry.type(description="One link of the source, and whether it can be copied.")
class CopyPlanRow:
    source: URL = strawberry.field(description="The short URL of the link to copy.")
    state: CopyState = strawberry.field(description="Whether the link can be copied, or what prevents it.")
    reason: str | None = strawberry.field(description="What prevents the copy, for people. Null if it can be made.")
    lost: list[LostField] = strawberry.field(description="The fields that the copy will not have.")
    target: CopyTarget | None = strawberry.field(description="The link to create. Null if the copy cannot be made.")

    @classmethod
    def of(cls, row: PlanRow) -> "CopyPlanRow":
        new = None if row.target is None else patched(row.target, row.patch)
        return cls(
            source=URL(row.source_short_url),
            state=row.state,
            reason=row.reason,
            lost=[LostField(field=to_camel_case(each.field), message=each.message) for each in row.lost],
            target=None
            if new is None
            else CopyTarget(
                destination=URL(new.destination),
                slug=new.slug,
                domain=new.domain,
                title=new.title,
                tags=list(new.tags or ()),
            ),
        )

    @strawberry.field(description="The names of the fields that the copy will not have.")
    def lost_fields(self) -> list[str]:
        return [each.field for each in self.lost]


@strawberry.type(description="A row of a plan, with its cursor.")
class CopyPlanRowEdge:
    cursor: str = strawberry.field(description="The cursor of this row. Pass it as `after` to continue behind it.")
    node: CopyPlanRow = strawberry.field(description="The row.")


@strawberry.type(description="A page of the rows of a plan.")
class CopyPlanRowConnection:
    edges: list[CopyPlanRowEdge] = strawberry.field(description="The rows, each with its cursor.")
    nodes: list[CopyPlanRow] = strawberry.field(description="The rows.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")


@strawberry.type(description="The number of links in one state of a plan.")
class CopyStateCount:
    state: CopyState = strawberry.field(description="The state.")
    links: int = strawberry.field(description="The number of links in this state.")


@strawberry.type(
    description=(
        "What a copy of links to another account would do. A plan writes nothing at a provider. It is stored for a "
        "day, and only the client that made it can see and start it."
    )
)
class CopyPlan(Node):
    plan: strawberry.Private[StoredPlan]
    source_account: Account = strawberry.field(name="from", description="The account that the links are read from.")
    target_account: Account = strawberry.field(name="to", description="The account that the copies are created at.")
    calls: int = strawberry.field(description="The number of calls to the provider that the copy takes.")
    seconds: int | None = strawberry.field(
        description=(
            "The number of seconds that these calls take at least, because of the provider's limits. Null if it has "
            "no known limit."
        )
    )
    notices: list[str] = strawberry.field(description="What does not move, and what the plan could not find out.")
    expires_at: datetime = strawberry.field(description="Until when the plan is stored.")

    @classmethod
    def of(cls, plan: StoredPlan, info: Info) -> "CopyPlan":
        accounts = info.context.session.accounts
        return cls(
            id=encode_id("CopyPlan", plan.target_account, plan.id),
            plan=plan,
            source_account=Account.of(accounts[plan.source_account]),
            target_account=Account.of(accounts[plan.target_account]),
            calls=plan.calls,
            seconds=plan.seconds,
            notices=list(plan.notices),
            expires_at=plan.expires_at,
        )

    @strawberry.field(description="The number of links in each state.")
    async def counts(self, info: Info) -> list[CopyStateCount]:
        counts = await catalog_of(info.context.session, "counts").copy_plans.counts(self.plan.id)
        return [CopyStateCount(state=state, links=links) for state, links in counts.items()]

    @strawberry.field(description="The links of the source, oldest first.")
    async def rows(self, info: Info, first: First = _DEFAULT_ROWS, after: After = None) -> CopyPlanRowConnection:
        session, size = info.context.session, page_size(first, _DEFAULT_ROWS)
        key = f"plan {self.plan.id}"
        start = -1 if after is None else int(str(session.cursors.open(key, after)))
        found = await catalog_of(session, "rows").copy_plans.rows(self.plan.id, start, size + 1)
        items = [(session.cursors.seal(key, position), CopyPlanRow.of(row)) for position, row in found[:size]]
        built = build_page(CopyPlanRowEdge, items, has_next=len(found) > size, after=after)
        return CopyPlanRowConnection(edges=built.edges, nodes=built.nodes, page_info=built.info)
