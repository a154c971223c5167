"""What is known of an operation before it runs, and in which words its end is told."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What an operation's document says of it, kept beside the parsed document and told in its log line.

    `kind` is "query", "mutation" or "subscription". `hash` begins the document's SHA-256 in hexadecimal. `cost` is in
    the vendor calls that it may cause. `trusted` documents come from the operator's own list: only their names are few.
    """

    name: str | None
    kind: str
    hash: str
    cost: int | None = None
    trusted: bool = False


# How an operation ended; docs/operations.md says what each means.
Outcome: TypeAlias = Literal["ok", "partial", "refused", "failed", "gone"]

# Where an answer came from: the schema, the operation cache, or the same operation that ran at the time.
Answered: TypeAlias = Literal["executed", "cached", "shared"]


class CachedReply(NamedTuple):
    """A request that the operation cache answered ahead of everything else, in `seconds`, with `status`.

    `facts` are those of the operation that it asked for, `client` is who asked, `traceparent` the caller's or empty.
    """

    request_id: str
    traceparent: str
    facts: OperationFacts | None
    client: str
    status: int | None
    seconds: float
