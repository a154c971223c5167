"""`[limits]`: the size and the cost of one GraphQL document."""

from typing import Annotated

from pydantic import Field

from linkweave.settings.values import SettingsModel

Count = Annotated[int, Field(ge=1, le=1_000_000)]
# graphql-core descends a document by recursion, which Python limits to some hundred levels.
Depth = Annotated[int, Field(ge=1, le=100)]


class LimitSettings(SettingsModel):
    """The maximum that a document may have and may cost.

    `nesting` counts levels of brackets of every kind, and of fragments; `depth` counts levels of fields. The counts
    of an operation (`nesting` to `repeats`) have every fragment in the place of its spread. `variable_values` are
    the values in a request's variables, at any depth. `answer_bytes` are the estimated bytes of an answer. `cost`
    is the number of calls to vendors in the worst case.
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
    answer_bytes: Annotated[int, Field(ge=10_000, le=1_000_000_000)] = 1_000_000
    cost: Annotated[int, Field(ge=1, le=1_000_000_000)] = 5_000
