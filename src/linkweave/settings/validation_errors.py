"""Describes what is wrong with a configuration."""

from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

MESSAGES: Final = MappingProxyType(
    {
        "extra_forbidden": "is not a known key",
        "missing": "is required, but missing",
        "too_short": "must not be empty",
        "dict_type": "must be a table",
        "model_type": "must be a table",
        "tuple_type": "must be a list; a list of tables is written with double brackets, as in [[accounts]]",
    }
)


def describe(error: ValidationError, source: str, prefix: str) -> str:
    """Returns what is wrong, one line per key. It has none of the given values: they may be secrets."""
    lines = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        key = prefix + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"])
        message = MESSAGES.get(problem["type"], problem["msg"])
        lines.append(f"{source}: {key.lstrip('.')}: {message[:1].lower()}{message[1:]}")
    return "\n".join(lines)
