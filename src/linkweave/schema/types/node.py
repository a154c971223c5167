"""The interface of everything that has an id of its own."""

import strawberry


@strawberry.interface(description="Something with an id that `node` finds again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, and the same on every server with the same accounts.")
