"""The part of the schema that is measured, as a first version in plain Strawberry: every field asks for itself."""

import asyncio
from collections.abc import Sequence

import strawberry
from starlette.types import ASGIApp
from strawberry.asgi import GraphQL

from benchmarks.naive_vendors import NaiveVendor, Row


@strawberry.type
class Account:
    """Known from the configuration: no call."""

    key: str


@strawberry.type
class Domain:
    """A short domain."""

    name: str


@strawberry.type
class Tag:
    """A tag."""

    name: str


@strawberry.type
class Link:
    """A link."""

    row: strawberry.Private[Row]
    short_url: str

    @strawberry.field
    def account(self) -> Account:
        """No call."""
        return Account(key=self.row.vendor.key)

    @strawberry.field
    async def domain(self) -> Domain:
        """One call."""
        return Domain(name=(await self.row.vendor.row(self.row)).host)

    @strawberry.field
    async def tags(self) -> list[Tag]:
        """One call."""
        row = await self.row.vendor.row(self.row)
        return [Tag(name=name) for name in row.vendor.tags(row)]

    @strawberry.field
    async def clicks(self) -> int:
        """One call."""
        return await self.row.vendor.clicks(self.row)


@strawberry.type
class LinkConnection:
    """A page."""

    nodes: list[Link]


def naive_app(vendors: Sequence[NaiveVendor]) -> ASGIApp:
    """A GraphQL app over `vendors`."""

    @strawberry.type
    class Query:
        @strawberry.field
        async def links(self, first: int) -> LinkConnection:
            lists = await asyncio.gather(*(vendor.rows() for vendor in vendors))
            return LinkConnection(nodes=[Link(row=row, short_url=row.short_url) for row in _merge(lists, first)])

    return GraphQL[None, None](strawberry.Schema(Query))


def _merge(lists: Sequence[list[Row]], first: int) -> list[Row]:
    """As the gateway does it: dated links newest first, in turns with each list of undated ones."""
    dated = [row for rows in lists for row in rows if row.created_at]
    dated.sort(key=lambda row: row.created_at.timestamp() if row.created_at else 0, reverse=True)
    undated = [rows for rows in lists if rows and not rows[0].created_at]
    turns = zip(dated, *undated, strict=False)
    return [row for turn in turns for row in turn][:first]
