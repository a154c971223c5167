"""The call that goes down the client stack, and the answer that comes up."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from linkweave.errors import VendorError
from linkweave.models.changes import FileSource
from linkweave.transport.lifetimes import Resource
from linkweave.transport.refusal import Classify, Refusal

Pairs: TypeAlias = tuple[tuple[str, str], ...]

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file in a multipart form: the name of its field, and the source of its bytes."""

    field: str
    file: FileSource


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a vendor, before credentials are put on it. Its repr shows nothing that may hold a secret.

    Attributes:
        operation: names the call in errors and logs, e.g. "list links".
        method: the HTTP method.
        path: percent-encoded; it is appended to the account's base URL.
        host: the address to which the path is appended, where that is another host of the vendor. It is one of the
            provider's `further_hosts`.
        query: not encoded.
        json: the body, if it is JSON.
        form: the body, if it is a form.
        file: a file that goes with the form.
        headers: besides those that every call has.
        bucket: the endpoint group whose rate limit counts the call; None for no limit.
        multipart: whether a form without a file is sent as multipart, too.
        writes: whether the call may change anything at the vendor, whatever its method.
        signed: whether it needs the account's credentials.
        max_bytes: maximum size of the answer after decompression.
        reads: what the answer has, which decides how long it is stored; None for not at all.
        found: whether a good answer has the wanted object, for vendors without an error for that.
        cache_name: replaces the query in the cache key, where the query has the time of the call in it.
        classify: reads the answer's refusal in place of the provider's own function.
        wrote: whether a good answer to a write says that anything was written, for vendors that refuse inside one; None
            for always.
        accepts: HTTP statuses outside 200 to 299 that are good answers, unless `classify` finds a refusal.
    """

    operation: str
    method: str
    path: str
    query: Pairs = field(default=(), repr=False)
    json: object = field(default=None, repr=False)
    form: Pairs | None = field(default=None, repr=False)
    file: FilePart | None = None
    headers: Pairs = field(default=(), repr=False)
    bucket: str | None = None
    multipart: bool = False
    writes: bool = False
    signed: bool = True
    max_bytes: int = MEGABYTE
    reads: Resource | None = None
    found: Callable[[object], bool] | None = field(default=None, repr=False)
    cache_name: str | None = field(default=None, repr=False)
    classify: Classify | None = field(default=None, repr=False)
    wrote: Callable[[object], bool] | None = field(default=None, repr=False)
    accepts: frozenset[int] = frozenset()
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A vendor's complete answer. Header names are lower case.

    Attributes:
        status: the HTTP status.
        headers: the values of a repeated header are joined with commas.
        body: as the vendor sent it, decompressed.
        received_at: when the last byte arrived.
        data: the decoded body, or `NotJson`; the layer `Classified` sets it.
        refusal: why the answer is not a good one; the layer `Classified` sets it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    received_at: datetime
    data: object = field(default=None, repr=False)
    refusal: Refusal | None = None

    def refused_as(self, *kinds: type[VendorError]) -> bool:
        """Whether the client will raise one of `kinds`."""
        return self.refusal is not None and issubclass(self.refusal.kind, kinds)


Send: TypeAlias = Callable[[Call], Awaitable[Answer]]


class Transport(Protocol):
    """Turns a call into an answer. A layer is a transport that has another one below it."""

    async def send(self, call: Call) -> Answer:
        """Sends `call`.

        Raises:
            VendorError: no complete answer came. Answers of any HTTP status are returned, not raised.
        """
        ...
