"""Creates objects of types that are above the type of the caller in the import order."""

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_query import LinkQuery
from linkweave.schema.context import Info, NodeFactory
from linkweave.schema.types.account import Account
from linkweave.schema.types.link_connection import LinkConnection, read_links
from linkweave.schema.types.pagination import page_size

_DEFAULT_PAGE_SIZE = 20


class SchemaNodeFactory(NodeFactory):
    """Creates the objects of this schema."""

    def account(self, loaders: AccountLoaders) -> Account:
        """Creates the account of `loaders`."""
        return Account.of(loaders)

    async def link_page(self, info: Info, query: LinkQuery, first: int | None, after: str | None) -> LinkConnection:
        """Reads one page of the links of `query`."""
        return await read_links(info, query, page_size(first, _DEFAULT_PAGE_SIZE), after)
