"""The request for an operation, and whether it may be sent twice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from linkweave.client.errors import HttpStatusError, OperationError, UnreachableError
from linkweave.client.generated.base_model import UNSET, Upload

_KEY: Final = "idempotency_key"
_OUTAGES: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT},
)


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """`body` is sent as JSON, or in a form with the `files`, by their places in it.

    A `repeatable` request has the same effect when it arrives twice.
    """

    body: Mapping[str, Any]
    repeatable: bool
    files: Mapping[str, Upload] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Returns the arguments of httpx2 that send it. A form is a GraphQL multipart request."""
        if not self.files:
            return {"json": self.body}
        names = {str(index): place for index, place in enumerate(self.files)}
        parts = {name: self.files[place] for name, place in names.items()}
        return {
            "data": {
                "operations": json.dumps(self.body),
                "map": json.dumps({name: [place] for name, place in names.items()}),
            },
            "files": {name: (each.filename, each.content, each.content_type) for name, each in parts.items()},
        }

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
    files: dict[str, Upload] = {}
    wire = _wire(given, "variables", files)
    return OperationRequest({"query": query, "operationName": name, "variables": wire}, repeatable, files)


def _wire(value: object, place: str, files: dict[str, Upload]) -> Any:
    """Returns `value` as JSON has it. Files are added to `files`, by their places, where null stands for them."""
    if isinstance(value, Upload):
        files[place] = value
        return None
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True, exclude_unset=True)
    if isinstance(value, dict):
        return {key: _wire(each, f"{place}.{key}", files) for key, each in value.items()}
    if isinstance(value, list):
        return [_wire(each, f"{place}.{index}", files) for index, each in enumerate(value)]
    return to_jsonable_python(value)


def _has_key(value: object) -> bool:
    return isinstance(value, BaseModel) and getattr(value, _KEY, None) is not None


def _with_key(value: object) -> object:
    if not isinstance(value, BaseModel) or _KEY not in type(value).model_fields or _has_key(value):
        return value
    return value.model_copy(update={_KEY: str(uuid4())})
