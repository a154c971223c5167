"""Pages, and what each account contributed to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, Protocol, TypeVar

import strawberry

from linkweave.errors import ErrorCode, VendorError
from linkweave.gather import sources
from linkweave.gather.listing.link_pages import check_first
from linkweave.gather.sources import SourceStatus
from linkweave.schema.context import Info
from linkweave.schema.lazy_types import LazyAccount

NodeT = TypeVar("NodeT")
NodeT_contra = TypeVar("NodeT_contra", contravariant=True)
EdgeT = TypeVar("EdgeT")
EdgeT_co = TypeVar("EdgeT_co", covariant=True)

First = Annotated[int | None, strawberry.argument(description="How many at most, from 1 to 100.")]
After = Annotated[
    str | None,
    strawberry.argument(description="The `endCursor` of the page before, of the same field with the same arguments."),
]


@strawberry.type(description="Why one account could not answer, or not fully.")
class SourceError:
    code: ErrorCode = strawberry.field(description="The kind of failure.")
    message: str = strawberry.field(
        description="What happened, for people. Never a credential or a vendor's raw answer."
    )
    provider_code: str | None = strawberry.field(description="The provider's own code, where it gave one.")
    retry_after_seconds: float | None = strawberry.field(description="After so many seconds asking again makes sense.")

    @classmethod
    def of(cls, error: VendorError | None) -> "SourceError | None":
        if error is None:
            return None
        return cls(
            code=error.code,
            message=error.message,
            provider_code=error.provider_code,
            retry_after_seconds=error.retry_after,
        )


@strawberry.type(
    description="What one account contributed to a merged answer. A failing account never fails the others."
)
class Source:
    account: LazyAccount = strawberry.field(description="The account that was asked.")
    status: SourceStatus = strawberry.field(description="How much of the account is in the answer.")
    error: SourceError | None = strawberry.field(description="Why something is missing.")
    fetched_at: datetime | None = strawberry.field(
        description="When the provider was really asked; null when it was not asked for this page.",
    )
    returned: int = strawberry.field(description="How many items of this page are this account's.")
    exhausted: bool = strawberry.field(description="True when this account has nothing after this page.")
    notice: str | None = strawberry.field(description="A limit of the provider that the reader should know.")

    @classmethod
    def of(cls, source: sources.Source, info: Info) -> "Source":
        return cls(
            account=info.context.nodes.account(info.context.session.accounts[source.account.key]),
            status=source.status,
            error=SourceError.of(source.error),
            fetched_at=source.fetched_at,
            returned=source.returned,
            exhausted=source.exhausted,
            notice=source.notice,
        )


@strawberry.type(description="Where a page stands in its list. Lists are read forward only.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description="True when following `endCursor` is worth it. Accounts that failed may still have items: "
        "`endCursor` asks them again, even where this is false.",
    )
    has_previous_page: bool = strawberry.field(description="True when this is not the first page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Pass it as `after` to read on.")


class EdgeType(Protocol[NodeT_contra, EdgeT_co]):
    """The GraphQL type of an edge."""

    def __call__(self, *, cursor: str, node: NodeT_contra) -> EdgeT_co:
        """Makes an edge."""
        ...


@dataclass(frozen=True, slots=True)
class Page(Generic[EdgeT, NodeT]):
    """The parts that every connection has."""

    edges: list[EdgeT]
    nodes: list[NodeT]
    info: PageInfo


def build_page(
    edge_type: EdgeType[NodeT, EdgeT],
    items: Iterable[tuple[str, NodeT]],
    *,
    has_next: bool,
    after: str | None,
) -> Page[EdgeT, NodeT]:
    """Returns the page of `items`, each with the cursor behind it. An empty page ends where it starts, at `after`."""
    placed = list(items)
    info = PageInfo(
        has_next_page=has_next,
        has_previous_page=after is not None,
        start_cursor=placed[0][0] if placed else None,
        end_cursor=placed[-1][0] if placed else after,
    )
    return Page([edge_type(cursor=cursor, node=node) for cursor, node in placed], [node for _, node in placed], info)


def page_size(first: int | None, default: int) -> int:
    """`first`, or `default` for an explicit null.

    Raises:
        InvalidInputError: it is not from 1 to 100.
    """
    return check_first(default if first is None else first)
