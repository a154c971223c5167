"""How a call to ShortenWorld is made, whoever makes it."""

from typing import Final

from linkweave.providers.shortenworld.inferred import Endpoint
from linkweave.transport.call import Call, Pairs

BUCKET: Final = "api"

# DOC: required on every call, with a body or without.
_HEADERS: Final = (("content-type", "application/json"),)


def call(endpoint: Endpoint, query: Pairs = (), json: object = None, *, signed: bool = True) -> Call:
    """A call to `endpoint` that changes no link: all that is built so far reads or handles tokens."""
    return Call(
        endpoint.operation,
        endpoint.method,
        endpoint.path,
        query=query,
        json=json,
        headers=_HEADERS,
        bucket=BUCKET,
        signed=signed,
    )
