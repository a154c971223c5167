"""What is known of an operation before it runs, and in which words its end is told."""

from dataclasses import dataclass
from enum import Enum


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


class Outcome(Enum):
    """How an operation ended."""

    OK = "ok"
    PARTIAL = "partial"
    REFUSED = "refused"
    FAILED = "failed"
    GONE = "gone"


class Answered(Enum):
    """Where an operation's answer came from: the operation cache, one that ran at the same time, or the schema."""

    CACHED = "cached"
    SHARED = "shared"
    EXECUTED = "executed"
