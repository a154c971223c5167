"""Bitly's refusals by their codes."""

from collections.abc import Mapping
from typing import Final

from linkweave.providers.emulator_kit import RefusedError

_STATUSES: Final[Mapping[str, int]] = {
    "UNAUTHORIZED": 401,
    "UPGRADE_REQUIRED": 402,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "CONFLICT": 409,
    "GONE": 410,
    "UNPROCESSABLE_ENTITY": 422,
    "RATE_LIMIT_EXCEEDED": 429,
    "MONTHLY_ENCODE_LIMIT_EXCEEDED": 429,
    # The name is a guess, by those of the other quotas.
    "MONTHLY_API_LIMIT_EXCEEDED": 429,
}


def refused(code: str, resource: str | None = None, field: str | None = None) -> RefusedError:
    """A refusal. Codes that are not listed are those of invalid values."""
    body: dict[str, object] = {"message": code, "description": "You are currently forbidden to do this."}
    if resource is not None:
        body["resource"] = resource
    if field is not None:
        body |= {
            "description": "The value provided is invalid.",
            "errors": [{"field": field, "error_code": "invalid", "message": "invalid"}],
        }
    return RefusedError(_STATUSES.get(code, 400), body)


def invalid(field: str, resource: str = "bitlinks") -> RefusedError:
    """The refusal of a value."""
    return refused(f"INVALID_ARG_{field.upper()}", resource, field)
