"""Makes the object types that the types they contain return."""

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_pages import LinkQuery
from linkweave.schema.context import Info, NodeFactory
from linkweave.schema.types.account import Account
from linkweave.schema.types.link_connection import LinkConnection, read_links
from linkweave.schema.types.pagination import page_size

_DEFAULT_PAGE_SIZE = 20


class SchemaNodeFactory(NodeFactory):
    """Makes the objects of this schema."""

    def account(self, loaders: AccountLoaders) -> Account:
        """Returns the account of `loaders`."""
        return Account.of(loaders)

    async def link_page(self, info: Info, query: LinkQuery, first: int | None, after: str | None) -> LinkConnection:
        """Returns one page of the links of `query`."""
        return await read_links(info, query, page_size(first, _DEFAULT_PAGE_SIZE), after)
