"""How operations end, in the words of log lines and metrics."""

from typing import Literal, NamedTuple, TypeAlias

from linkweave.context.operation_record import OperationFacts

# How an operation ended. docs/operations.md has the meaning of each word.
OperationOutcome: TypeAlias = Literal["ok", "partial", "refused", "failed", "gone"]


class CachedReply(NamedTuple):
    """A repeated request that the response cache answered before any other layer saw it.

    Attributes:
        request_id: the id of the request.
        traceparent: the caller's trace context, or an empty text.
        facts: those of the operation.
        client: the name of the caller.
        status: the HTTP status of the response.
        seconds: the time that it took.
    """

    request_id: str
    traceparent: str
    facts: OperationFacts | None
    client: str
    status: int | None
    seconds: float
