"""A schema with every kind of field, each of which may fail."""

from collections.abc import Awaitable
from enum import Enum
from typing import Any, Final, cast

import strawberry

from harness.failing_world import World
from linkweave.concurrency.late_value import NOT_KNOWN, LateValue
from linkweave.errors import InvalidInputError
from linkweave.schema.context import Info, add_error
from linkweave.schema.execution.schema import Schema

IDS: Final = 5


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Node:
    id: strawberry.ID
    world: strawberry.Private[World]
    number: strawberry.Private[int]

    @strawberry.field
    def inherited(self) -> str | None:
        return self.world.outcome(f"inherited {self.number}", self.id, "inherited")

    @strawberry.field
    async def awaited(self) -> str | None:
        await self.world.wait(self.id, "awaited")
        return self.world.outcome(f"awaited {self.number}", self.id, "awaited")


@strawberry.type
class Owner(Node):
    """One of few: the same owner is at many places."""

    title: str | None

    @classmethod
    def of(cls, world: World, number: int) -> "Owner":
        number %= IDS
        key = f"owner {number}"
        return cls(id=strawberry.ID(key), world=world, number=number, title=world.attribute("title", key, "title"))

    @strawberry.field
    async def fact(self) -> int | None:
        known = await self.world.load(self.id)
        return self.world.outcome(known, self.id, "fact")

    @strawberry.field
    async def required_fact(self) -> int:
        known = await self.world.load(self.id)
        return self.world.outcome(known, self.id, "requiredFact", nullable=False)

    @strawberry.field
    async def noting(self, info: Info) -> str | None:
        await self.world.wait(self.id, "noting")
        if self.world.draw(self.id, "noting") < 4 * self.world.trouble:
            add_error(info, InvalidInputError("noting", "is noted"))
        return info.field_name

    @strawberry.field
    def noting_now(self, info: Info) -> str:
        if self.world.draw(self.id, "noting_now") < 4 * self.world.trouble:
            add_error(info, InvalidInputError("noting_now", "is noted"))
        return info.field_name

    @strawberry.field
    def first_item(self) -> "Item | None":
        return self.world.outcome(Item.of(self.world, self.number * 7), self.id, "firstItem")

    @strawberry.field
    async def later_items(self) -> "list[Item]":
        await self.world.load(f"items of {self.id}")
        return self.world.outcome(_items(self.world, self.id), self.id, "laterItems", nullable=False)


def _items(world: World, key: str) -> list[Any]:
    numbers = [world.draw("item", key, index) for index in range(world.draw("items", key) % 4)]
    return [world.item(Item.of(world, number), key, "item", number) for number in numbers]


@strawberry.type
class Item(Node):
    name: str
    note: str | None
    count: int | None
    colour: Colour
    words: list[str]
    maybe_words: list[str | None] | None

    @classmethod
    def of(cls, world: World, number: int) -> "Item":
        number %= 3 * IDS
        key = f"item {number}"
        return cls(
            id=strawberry.ID(key),
            world=world,
            number=number,
            name=world.attribute(f"name {number}", key, "name") or "nameless",
            note=world.attribute("note", key, "note"),
            count=world.attribute(number, key, "count"),
            colour=Colour.RED if number % 2 else Colour.BLUE,
            words=["a", world.attribute("b", key, "word")],
            maybe_words=world.attribute(["a", None, "c"], key, "words"),
        )

    @strawberry.field
    def shout(self) -> str:
        return self.world.outcome(str.upper(self.name), self.id, "shout", nullable=False)

    @strawberry.field
    def times(self, count: int = 2, colour: Colour | None = None) -> str:
        return f"{self.number} {count} {colour}"

    @strawberry.field
    async def price(self, info: Info, of: int | None = None) -> int:
        loaded = await self.world.load(f"price {self.id} {of}")
        return self.world.outcome(loaded, self.id, info.field_name, of, nullable=False)

    @strawberry.field
    def owner(self) -> Owner:
        return self.world.outcome(Owner.of(self.world, self.number), self.id, "owner", nullable=False)

    @strawberry.field
    def maybe_owner(self) -> Owner | None:
        return self.world.outcome(Owner.of(self.world, self.number + 1), self.id, "maybeOwner")

    @strawberry.field
    async def later_owner(self) -> Owner | None:
        await self.world.wait(self.id, "laterOwner")
        return self.world.outcome(Owner.of(self.world, self.number), self.id, "laterOwner")

    @strawberry.field(graphql_type=Owner | None)  # type: ignore[untyped-decorator] # of a union, for mypy
    def owner_if_known(self) -> Awaitable[Owner | None]:
        key = f"owner of {self.number % 4}"

        def owner() -> Owner | None:
            return self.world.outcome(Owner.of(self.world, self.number), self.id, "ownerIfKnown")

        async def later() -> Owner | None:
            if self.number % 4:
                await self.world.load(key)
            self.world.known.add(key)
            return owner()

        return LateValue(lambda: owner() if key in self.world.known else NOT_KNOWN, later)

    @strawberry.field
    def items(self) -> "list[Item]":
        return _items(self.world, self.id)

    @strawberry.field
    def maybe_items(self) -> "list[Item | None] | None":
        return self.world.outcome(_items(self.world, f"maybe {self.id}"), self.id, "maybeItems")

    @strawberry.field
    async def later_items(self) -> "list[Item | None] | None":
        await self.world.wait(self.id, "laterItems")
        return self.world.outcome(_items(self.world, f"later {self.id}"), self.id, "laterItems")

    @strawberry.field
    def related(self) -> Node | None:
        return self.world.outcome(_node(self.world, self.number), self.id, "related")

    @strawberry.field
    async def all_related(self) -> list[Node]:
        await self.world.wait(self.id, "allRelated")
        return [_node(self.world, self.number + index) for index in range(3)]


def _node(world: World, number: int) -> Node:
    return Item.of(world, number) if number % 2 else Owner.of(world, number)


@strawberry.type
class Query:
    @strawberry.field
    def items(self, info: Info, first: int = 3) -> list[Item | None]:
        world = cast("World", info.root_value)
        return [world.item(Item.of(world, number), "root", "item", number) for number in range(first)]

    @strawberry.field
    async def later_items(self, info: Info) -> list[Item]:
        world = cast("World", info.root_value)
        await world.wait("laterItems")
        return _items(world, "later root")

    @strawberry.field
    async def item(self, info: Info, number: int = 1) -> Item | None:
        world = cast("World", info.root_value)
        await world.load(f"item {number}")
        return world.outcome(Item.of(world, number), number, "item")

    @strawberry.field
    def nodes(self, info: Info) -> list[Node | None]:
        return [_node(cast("World", info.root_value), number) for number in range(3)]


def failing_schema() -> Schema:
    return Schema(query=Query, types=[Item, Owner])
