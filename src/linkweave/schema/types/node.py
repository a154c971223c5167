"""The interface of all objects with an ID."""

import strawberry


@strawberry.interface(description="An object with an ID. The field `node` returns the object for the ID.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="An opaque ID. It is the same on all servers that have the same accounts."
    )
