"""Calls to ShortenWorld's endpoints."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from linkweave.providers.shortenworld.inferred import Endpoint
from linkweave.transport.call import Call, Pairs

BUCKET: Final = "api"

# DOC: required on every call, with a body or without.
_HEADERS: Final = (("content-type", "application/json"),)


def make_call(endpoint: Endpoint, query: Pairs = (), json: object = None, *, signed: bool = True) -> Call:
    """A call to `endpoint` that changes no link: it reads, or gets tokens."""
    return Call(
        endpoint.operation,
        endpoint.method,
        endpoint.path,
        query=query,
        json=json,
        headers=_HEADERS,
        bucket=BUCKET,
        signed=signed,
        reads=endpoint.reads,
    )


def make_write(endpoint: Endpoint, parameters: Mapping[str, object]) -> Call:
    """A call to `endpoint` that changes something, so it is sent at most once."""
    query = tuple((name, str(value)) for name, value in parameters.items()) if endpoint.in_query else ()
    return replace(make_call(endpoint, query, None if endpoint.in_query else parameters), writes=True)
