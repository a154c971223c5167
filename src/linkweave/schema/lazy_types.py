"""The two object types that Strawberry resolves late, because types that they contain return them.

Every type has the field `account`, and `Account` has a field for every type. Strawberry imports these two by name when
it builds the schema. No Python module imports another in a circle: this file imports both for the type checker only.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from linkweave.schema.types.account import Account
    from linkweave.schema.types.link_connection import LinkConnection

LazyAccount: TypeAlias = Annotated["Account", strawberry.lazy("linkweave.schema.types.account")]
LazyLinkConnection: TypeAlias = Annotated["LinkConnection", strawberry.lazy("linkweave.schema.types.link_connection")]
