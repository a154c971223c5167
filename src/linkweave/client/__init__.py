"""A typed client for programs that ask a Linkweave gateway. It needs nothing of the gateway.

`LinkweaveClient` is for asyncio, `SyncLinkweaveClient` for everything else. Their methods are the operations of
`clients/documents`, and all results are pydantic models.
"""

from linkweave.client import generated
from linkweave.client.errors import GraphQLError, HttpStatusError, LinkweaveError, OperationError, UnreachableError
from linkweave.client.generated import *  # noqa: F403 - the generator keeps the list
from linkweave.client.generated.sync_client import SyncLinkweaveClient

__all__ = [
    "GraphQLError",
    "HttpStatusError",
    "LinkweaveError",
    "OperationError",
    "SyncLinkweaveClient",
    "UnreachableError",
]
__all__ += generated.__all__
