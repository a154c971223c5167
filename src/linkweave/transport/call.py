"""The one question that goes down the stack and the one answer that comes up."""

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
    """A file in a multipart form: the field that it is in, and where its bytes come from."""

    field: str
    file: FileSource


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a vendor, before credentials are put on it.

    `operation` is what is asked in words ("list links"): it names the call in errors and logs, which never
    see a URL; what may hold a credential or a password is not in its repr. `path` is appended to the account's
    base URL and already percent-encoded; `query` is not. `bucket` is the endpoint group whose rate limit counts
    it. `writes` is true for whatever changes anything at the vendor, whatever its method. A `form` is sent as
    multipart where `multipart` says so, or where a `file` goes with it. `max_bytes` caps the answer after
    decompression. `reads` is what the answer tells and so how long it is kept; without it, it is not kept at all.
    `found` looks at a good answer's JSON and says whether what was asked for is there, where the vendor has no error
    for that: what was not found is kept for a shorter time. `known_as` names the question in place of the query, where
    that has the moment of asking in it. `classify` reads the answer's refusal in place of the provider's own function.
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
    known_as: str | None = field(default=None, repr=False)
    classify: Classify | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A vendor's complete answer. Header names are lower case.

    Attributes:
        status: the HTTP status.
        headers: the last value of each header.
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
    """Anything that turns a call into an answer; a layer is one that has another below it."""

    async def send(self, call: Call) -> Answer:
        """Send `call`.

        Raises:
            VendorError: no complete answer came. Answers of any HTTP status are returned, not raised.
        """
        ...
