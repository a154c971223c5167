"""What one operation cost and how it went: written while it runs, and reported in its log line.

The outermost layer of the edge opens a record for every request. The response cache, the schema, gathering and
transport each write into the record of the current operation.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What an operation's document says about it. It is stored beside the parsed document.

    Attributes:
        name: the operation's name.
        kind: "query", "mutation" or "subscription".
        hash: the first digits of the document's SHA-256, in hexadecimal.
        cost: the maximum number of vendor calls that the operation may cause.
        trusted: whether the document comes from the operator's own list, so that it has one of few names.
    """

    name: str | None
    kind: str
    hash: str
    cost: int | None = None
    trusted: bool = False


# Where a response came from: the schema, the response cache, or an equal operation that ran at the same time.
Answered: TypeAlias = Literal["executed", "cached", "shared"]


@dataclass(slots=True)
class OperationRecord:
    """One operation.

    Attributes:
        request_id: the id of its request.
        operation: what its document says; None until the document was read.
        answered: where its response came from.
        calls: number of calls to vendors.
        fresh: number of cached answers that were fresh.
        stale: number of cached answers that had expired.
        misses: number of answers that were not in the cache.
        unanswered: whether the request was refused, so that nothing was resolved.
        sources: how each account did, by its key.
        errors: number of errors, by their code.
        traceparent: the caller's trace context, as W3C defines it.
        span: the operation's span, if traces are recorded.
    """

    request_id: str = ""
    operation: OperationFacts | None = None
    answered: Answered = "executed"
    calls: int = 0
    fresh: int = 0
    stale: int = 0
    misses: int = 0
    unanswered: bool = False
    sources: dict[str, str] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    traceparent: str = ""
    span: object | None = field(default=None, repr=False)

    def failed(self, code: str) -> None:
        """Counts an error with `code`, of a field or of the whole request."""
        self.errors[code] = self.errors.get(code, 0) + 1
