"""How an operation ended, in the words of log lines and metrics."""

from typing import Literal, NamedTuple, TypeAlias

from linkweave.context.operation_record import OperationFacts

# How an operation ended; docs/operations.md says what each means.
Outcome: TypeAlias = Literal["ok", "partial", "refused", "failed", "gone"]


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
