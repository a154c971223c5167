"""What goes wrong between a program and its gateway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

Result = TypeVar("Result", bound=BaseModel)


class LinkweaveError(Exception):
    """Everything that the client raises for a call."""


class UnreachableError(LinkweaveError):
    """The gateway could not be reached, or the connection broke. `sent` says whether it may have read the request."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class HttpStatusError(LinkweaveError):
    """The answer is none of GraphQL, such as the error page of a proxy."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The answer has the status {status} and is not an answer to an operation.")
        self.status = status


@dataclass(frozen=True, slots=True)
class GraphQLError:
    """One error of an answer. `code` is a value of `ErrorCode`, or one that the gateway's documentation names."""

    message: str
    code: str | None
    path: tuple[str | int, ...]
    extensions: Mapping[str, Any]

    @classmethod
    def read(cls, error: Mapping[str, Any]) -> "GraphQLError":
        """Returns the error that an answer has as `error`."""
        extensions = error.get("extensions") or {}
        path = tuple(error.get("path") or ())
        return cls(str(error.get("message", "")), extensions.get("code"), path, extensions)


class OperationError(LinkweaveError):
    """The gateway answered with errors. `data` is the rest of the answer; None if there is none.

    `retry_after_seconds` is set where the gateway says when to try again.
    """

    def __init__(
        self,
        errors: Sequence[GraphQLError],
        data: Mapping[str, Any] | None,
        status: int,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__("; ".join(f"{error.code}: {error.message}" for error in errors))
        self.errors = tuple(errors)
        self.data = data
        self.status = status
        self.retry_after_seconds = retry_after_seconds

    @property
    def codes(self) -> tuple[str | None, ...]:
        """The codes of all errors, in the order of the answer."""
        return tuple(error.code for error in self.errors)

    def partial(self, result: type[Result]) -> Result | None:
        """Returns the data that did arrive as `result`, the class named like the operation. None if there is none."""
        return None if self.data is None else result.model_validate(self.data)
