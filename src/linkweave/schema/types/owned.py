"""The base of all types whose objects belong to one account."""

import strawberry

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.types.node import Node


@strawberry.type
class Owned(Node):
    """A node that belongs to one account. GraphQL does not show this type, only those that inherit from it."""

    loaders: strawberry.Private[AccountLoaders]

    @strawberry.field(description="The account that this object belongs to.")
    def account(self) -> LazyAccount:
        account: LazyAccount = self.loaders.make_node(self.loaders)
        return account
