"""Text that both databases can store: PostgreSQL has no NUL characters, and UTF-8 no lone surrogates (DOC)."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")


def without_unstorable(value: T) -> T:
    """Returns `value` with a replacement character for each character that cannot be stored.

    `value` is a frozen dataclass of text, numbers, moments, tuples and further dataclasses.
    """
    changed: T = _cleaned(value)
    return changed


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _cleaned_text(value)
    if isinstance(value, tuple):
        items = tuple(map(_cleaned, value))
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        changes = {name: new for name, old in pairs if (new := _cleaned(old)) is not old}
        return replace(value, **changes) if changes else value
    return value


def _cleaned_text(text: str) -> str:
    if text.isascii():
        return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text
    encoded = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    clean = encoded.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text if clean == text else clean
