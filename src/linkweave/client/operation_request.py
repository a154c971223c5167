"""The request for an operation, and whether it may be sent twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from linkweave.client.errors import HttpStatusError, OperationError, UnreachableError
from linkweave.client.generated.base_model import UNSET

_KEY: Final = "idempotency_key"
_OUTAGES: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT},
)


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """`body` is sent as JSON. A `repeatable` request has the same effect when it arrives twice."""

    body: Mapping[str, Any]
    repeatable: bool

    def may_follow(self, failure: Exception) -> bool:
        """Whether the request may be sent again after `failure`."""
        if isinstance(failure, UnreachableError):
            return self.repeatable or not failure.sent
        if isinstance(failure, OperationError | HttpStatusError):
            return self.repeatable and failure.status in _OUTAGES
        return False


def operation_request(query: str, name: str, variables: Mapping[str, object]) -> OperationRequest:
    """Returns the request for the operation `name` of `query`. A create without an idempotency key gets one."""
    given = {key: _with_key(value) for key, value in variables.items() if value is not UNSET}
    repeatable = query.lstrip().startswith("query") or any(_has_key(value) for value in given.values())
    return OperationRequest({"query": query, "operationName": name, "variables": _wire(given)}, repeatable)


def _wire(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, dict):
        return {key: _wire(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_wire(each) for each in value]
    return to_jsonable_python(value)


def _has_key(value: object) -> bool:
    return isinstance(value, BaseModel) and getattr(value, _KEY, None) is not None


def _with_key(value: object) -> object:
    if not isinstance(value, BaseModel) or _KEY not in type(value).model_fields or _has_key(value):
        return value
    return value.model_copy(update={_KEY: str(uuid4())})
