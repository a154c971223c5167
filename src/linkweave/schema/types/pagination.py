"""Pages, and what each account contributed to a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, Protocol, TypeVar

import strawberry

from linkweave.errors import ErrorCode, VendorError
from linkweave.gather import sources
from linkweave.gather.listing.link_query import check_first
from linkweave.gather.sources import ReadFrom, SourceStatus
from linkweave.schema.context import Info
from linkweave.schema.lazy_types import LazyAccount

NodeT = TypeVar("NodeT")
NodeT_contra = TypeVar("NodeT_contra", contravariant=True)
EdgeT = TypeVar("EdgeT")
EdgeT_co = TypeVar("EdgeT_co", covariant=True)

First = Annotated[
    int | None, strawberry.argument(description="The maximum number of items on the page, from 1 to 100.")
]
After = Annotated[
    str | None,
    strawberry.argument(
        description=(
            "The `endCursor` of the previous page. The field and the other arguments must be the same; "
            "only `first` may differ."
        )
    ),
]


@strawberry.type(description="Why the data of an account is missing, incomplete or old.")
class SourceError:
    code: ErrorCode = strawberry.field(description="The kind of error.")
    message: str = strawberry.field(
        description="A message for people. It never contains a credential or a raw response of the provider."
    )
    provider_code: str | None = strawberry.field(description="The provider's own error code. Null if it sent none.")
    retry_after_seconds: float | None = strawberry.field(
        description="The number of seconds to wait before you try again. Null if it is not known."
    )

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
    description=(
        "What one account contributed to a merged response. If one account fails, the others still return their data."
    )
)
class Source:
    account: LazyAccount = strawberry.field(description="The account.")
    status: SourceStatus = strawberry.field(description="Whether the data of the account is complete.")
    error: SourceError | None = strawberry.field(description="Why data is missing or old. Null if nothing is wrong.")
    fetched_at: datetime | None = strawberry.field(
        description=(
            "When the gateway read this data from the provider. Null if this page needed no data of the account."
        ),
    )
    returned: int = strawberry.field(description="The number of items on this page that come from this account.")
    exhausted: bool = strawberry.field(description="Whether this account has no more items after this page.")
    notice: str | None = strawberry.field(description="A limit of the provider that affects this page.")
    read: ReadFrom = strawberry.field(description="Where the data of this account was read: `LIVE` or `CATALOG`.")
    as_of: datetime | None = strawberry.field(
        description=(
            "When the catalog was last in step with the whole account. Null if the data was read live, or if the "
            "catalog has never read the whole account."
        )
    )

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
            read=source.read,
            as_of=source.as_of,
        )


@strawberry.type(description="Information about a page. You can read a list forward only.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description=(
            "Whether there are more items after this page. An account that failed may still have items. "
            "`endCursor` calls it again, even if this is false."
        ),
    )
    has_previous_page: bool = strawberry.field(description="Whether there are items before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item. Null on an empty page.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the end of this page. Pass it as `after` to read the next page."
    )


class EdgeType(Protocol[NodeT_contra, EdgeT_co]):
    """The GraphQL type of an edge."""

    def __call__(self, *, cursor: str, node: NodeT_contra) -> EdgeT_co:
        """Creates an edge."""
        ...


@dataclass(frozen=True, slots=True)
class Page(Generic[EdgeT, NodeT]):
    """The parts that all connections have."""

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
    """Returns the page of `items`, which are nodes with their cursors. An empty page ends at `after`."""
    pairs = list(items)
    info = PageInfo(
        has_next_page=has_next,
        has_previous_page=after is not None,
        start_cursor=pairs[0][0] if pairs else None,
        end_cursor=pairs[-1][0] if pairs else after,
    )
    return Page([edge_type(cursor=cursor, node=node) for cursor, node in pairs], [node for _, node in pairs], info)


def page_size(first: int | None, default: int) -> int:
    """Returns `first`, or `default` for an explicit null.

    Raises:
        InvalidInputError: It is not from 1 to 100.
    """
    return check_first(default if first is None else first)
