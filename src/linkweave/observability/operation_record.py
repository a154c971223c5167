"""What one operation cost and how it went, noted while it runs and told in its log line.

The outermost layer of the edge opens one for every request. Whoever knows something notes it in `current_tally()`, from
wherever the operation's tasks run: the operation cache that it had the answer, the schema that fields failed, gathering
how the accounts did, transport that a call was made.
"""

from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Final, Self

from linkweave.observability.operation_facts import Answered, OperationFacts


@dataclass(slots=True)
class OperationRecord:
    """One operation: what happens inside `with Tally():` is noted here.

    `sources` maps accounts to how they did, `errors` codes to how many errors had them. `unanswered` is true where
    nothing was resolved, because the request was refused. `traceparent` is the caller's, in W3C's words, `span` the
    operation's where there are traces.
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
    _token: "Token[OperationRecord | None] | None" = field(default=None, repr=False, compare=False)

    def failed(self, code: str) -> None:
        """A field failed, or the whole request was refused, with `code`."""
        self.errors[code] = self.errors.get(code, 0) + 1

    def __enter__(self) -> Self:
        self._token = _TALLY.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _TALLY.reset(self._token)


_TALLY: Final[ContextVar[OperationRecord | None]] = ContextVar("tally", default=None)


def current_tally() -> OperationRecord | None:
    """The notes on the operation at hand; None outside of one."""
    return _TALLY.get()
