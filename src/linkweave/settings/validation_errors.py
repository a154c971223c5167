"""Describes what is wrong with a configuration."""

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ValidationError

from linkweave.settings.problems import Problem
from linkweave.settings.suggestions import did_you_mean, key_remedy, near_keys

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

UNKNOWN_KEY: Final = "is not a known key"
_WHOLE_NUMBER: Final = "must be a whole number"
_NUMBER: Final = "must be a number"
_TRUTH: Final = "must be true or false"
MESSAGES: Final = MappingProxyType(
    {
        "extra_forbidden": UNKNOWN_KEY,
        "missing": "is required, but missing",
        "too_short": "must not be empty",
        "dict_type": "must be a table",
        "model_type": "must be a table",
        "tuple_type": "must be a list; a list of tables is written with double brackets, as in [[accounts]]",
        "string_type": "must be text, in quotes",
        "int_type": _WHOLE_NUMBER,
        "int_parsing": _WHOLE_NUMBER,
        "int_from_float": _WHOLE_NUMBER,
        "float_type": _NUMBER,
        "float_parsing": _NUMBER,
        "bool_type": _TRUTH,
        "bool_parsing": _TRUTH,
    }
)


def problems_in(error: ValidationError, model: type[BaseModel] | None = None) -> list[Problem]:
    """Returns what is wrong, one problem per key. `model` is that of the error, and knows what was probably meant.

    No message has a given value: it may be a secret.
    """
    found = error.errors(include_url=False)
    unknown = [each["loc"] for each in found if each["type"] == "extra_forbidden"]
    misspelt = {path for each in unknown for path in near_keys(each, model)}
    return [
        Problem(each["loc"], _message(each, model))
        for each in found
        if each["type"] != "missing" or each["loc"] not in misspelt
    ]


def describe(error: ValidationError, source: str, prefix: str, model: type[BaseModel] | None = None) -> str:
    """Returns the problems in `error`, one line per key. The place of each starts with `prefix`."""
    places = ((f"{prefix}.{each.place}".strip("."), each.message) for each in problems_in(error, model))
    return "\n".join(f"{source}: {place}: {message}" for place, message in places)


def _message(problem: "ErrorDetails", model: type[BaseModel] | None) -> str:
    message = MESSAGES.get(problem["type"], problem["msg"])
    return f"{message[:1].lower()}{message[1:]}{_remedy(problem, model)}"


def _remedy(problem: "ErrorDetails", model: type[BaseModel] | None) -> str:
    if problem["type"] == "extra_forbidden":
        return key_remedy(problem["loc"], model)
    if problem["type"] in {"literal_error", "enum"}:
        return did_you_mean(problem["input"], re.findall(r"'([^']*)'", problem["ctx"]["expected"]))
    return ""
