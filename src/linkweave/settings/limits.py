"""`[limits]`: how much one GraphQL document may ask for."""

from typing import Annotated

from pydantic import Field

from linkweave.settings.values import Frozen

Count = Annotated[int, Field(ge=1, le=1_000_000)]
# graphql-core walks down a document by recursion, in which Python allows some hundred steps.
Depth = Annotated[int, Field(ge=1, le=100)]


class LimitSettings(Frozen):
    """The most that a document may have, and may cost, before it is refused.

    `nesting` counts whatever is inside of each other: brackets of every kind, and fragments; `depth` counts fields.
    What is counted in an operation (`nesting` to `repeats`) is counted with every fragment in the place of its spread.
    `variable_values` are the values in a request's variables, at any depth. `cost` is in calls to vendors, at worst.
    """

    characters: Count = 100_000
    tokens: Count = 5_000
    operations: Count = 20
    fragments: Count = 100
    variables: Count = 100
    nesting: Depth = 50
    depth: Depth = 15
    introspection_depth: Depth = 20
    selections: Annotated[int, Field(ge=1, le=20_000)] = 1_500
    root_fields: Count = 20
    aliases: Count = 50
    directives: Count = 50
    repeats: Annotated[int, Field(ge=1, le=1_000)] = 30
    variable_values: Count = 50_000
    cost: Annotated[int, Field(ge=1, le=1_000_000_000)] = 5_000
