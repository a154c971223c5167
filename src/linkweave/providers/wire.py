"""The base of all wire models, and the types of fields that vendors write in many ways.

A wire model is a vendor's JSON object as documented. Keys that it does not declare are ignored.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, PrivateAttr, StringConstraints
from pydantic_core import CoreSchema, core_schema

from linkweave.models.left_out import NOTHING_LEFT_OUT, LeftOut
from linkweave.transport.refusal import NoContent

MAX_URL_CHARACTERS: Final = 16_000
_PLAIN_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!-~]*)?")
"""Nearly all addresses. To split one takes far longer. MEASURED."""
_LARGEST: Final = 2**63 - 1
_MAX_DIGITS: Final = 25
_LARGEST_INT: Final = 2**31 - 1
"""The largest number that fits into GraphQL's Int."""
_NO_LIMIT: Final = frozenset({"", "unlimited", "infinite", "none"})


class Wire(BaseModel):
    """A vendor's JSON object. A declared field with a wrong value makes the whole answer unreadable."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class TolerantWire(Wire):
    """An answer that is read field by field.

    A field with a default value loses a wrong value. A field without one identifies its object: where it is missing or
    wrong, the object is lost too. Only an answer whose outermost object is lost is unreadable.
    """

    _left_out: LeftOut = PrivateAttr(default_factory=lambda: NOTHING_LEFT_OUT)

    @property
    def left_out(self) -> LeftOut:
        """What of the answer could not be read."""
        return self._left_out

    def with_left_out(self, left_out: LeftOut) -> None:
        """Store what could not be read; for the reader alone."""
        self._left_out = left_out

    @classmethod
    def prepare(cls, data: object) -> object:
        """`data` in the shape that the fields declare, for vendors that wrap their lists. `data` must stay as it is."""
        return data


@dataclass(frozen=True, eq=False)
class FastPath:
    """Accepts unchanged what `quick` accepts; `parse` reads the rest.

    `quick` calls no Python, and lists have thousands of values. It must accept only what `parse` returns unchanged.
    """

    quick: CoreSchema
    parse: Callable[[object], object]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Returns the schema of the field for pydantic."""
        choices: list[CoreSchema | tuple[CoreSchema, str]] = [
            self.quick,
            core_schema.no_info_plain_validator_function(self.parse),
        ]
        # With an error of its own, the field is named in errors, and not the choices.
        return core_schema.union_schema(
            choices, mode="left_to_right", custom_error_type="unreadable", custom_error_message="cannot be read"
        )


class EmptyAnswer(TolerantWire):
    """An answer that must be HTTP 204, without content."""

    is_empty: Literal[True]

    @classmethod
    def prepare(cls, data: object) -> object:
        """Whether there is no content."""
        return {"is_empty": isinstance(data, NoContent)}


def parse_count(value: object) -> int:
    """A number of things: a whole number, or its digits with or without commas between thousands.

    Raises:
        ValueError: it is none, negative, or does not fit into 64 bits.
    """
    if isinstance(value, str) and len(value) <= _MAX_DIGITS:
        digits = value.strip().replace(",", "")
        value = int(digits) if digits.isascii() and digits.isdigit() else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise ValueError("is not a count")
    return value


def parse_limit(value: object) -> int | None:
    """The limit of a counter; None where there is no limit: null, "", "unlimited", or a negative number such as -1.

    Raises:
        ValueError: it is something else.
    """
    text = str(value).strip().casefold()
    if value is None or text in _NO_LIMIT or (text.startswith("-") and text[1:].isdigit()):
        return None
    return parse_count(value)


def parse_flag(value: object) -> bool:
    """Yes or no: true and false, 1 and 0, also as text.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, str | int):
        found = {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())
        if found is not None:
            return found
    raise ValueError("is neither yes nor no")


def parse_moment(value: object, zone: tzinfo = UTC) -> datetime:
    """A moment in UTC from ISO 8601 text, also with a blank for the T; without an offset it is in `zone`.

    Raises:
        ValueError: it is no text of this kind, or a moment outside the calendar.
    """
    if not isinstance(value, str):
        raise ValueError("is not a moment")  # noqa: TRY004 - pydantic reports ValueError only
    moment = datetime.fromisoformat(value)
    # What most vendors send. To convert it takes as long as to read it.
    if moment.tzinfo is UTC or (moment.tzinfo is None and zone is UTC):
        return moment.replace(tzinfo=UTC)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def parse_day(value: object) -> date:
    """A day from its ISO 8601 text.

    Raises:
        ValueError: it is no such text.
    """
    if not isinstance(value, str):
        raise ValueError("is not a day")  # noqa: TRY004 - pydantic reports ValueError only
    return date.fromisoformat(value)


def parse_web_url(value: object) -> str:
    """An absolute http or https URL with a host and without blanks.

    Raises:
        ValueError: it is none, or longer than 16,000 characters.
    """
    if isinstance(value, str) and len(value) <= MAX_URL_CHARACTERS and "://" in value:
        if _PLAIN_URL.fullmatch(value):
            return value
        if value.split(maxsplit=1) != [value]:
            raise ValueError("is not a web address")
        parts = urlsplit(value)
        if parts.scheme.lower() in {"http", "https"} and parts.hostname:
            return value
    raise ValueError("is not a web address")


def web_url_or_none(value: object) -> str | None:
    """`value` if it is a web URL. Vendors also send "" and paths for none."""
    try:
        return parse_web_url(value)
    except ValueError:
        return None


Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Count: TypeAlias = Annotated[int, FastPath(core_schema.int_schema(strict=True, ge=0, le=_LARGEST), parse_count)]
SmallCount: TypeAlias = Annotated[Count, Field(le=_LARGEST_INT)]
Limit: TypeAlias = Annotated[int | None, BeforeValidator(parse_limit)]
Flag: TypeAlias = Annotated[bool, BeforeValidator(parse_flag)]
Moment: TypeAlias = Annotated[datetime, BeforeValidator(parse_moment)]
Day: TypeAlias = Annotated[date, BeforeValidator(parse_day)]
_PLAIN_URL_TEXT: Final = core_schema.str_schema(
    strict=True, pattern=f"^{_PLAIN_URL.pattern}$", max_length=MAX_URL_CHARACTERS
)
WebUrl: TypeAlias = Annotated[str, FastPath(_PLAIN_URL_TEXT, parse_web_url)]
OptionalUrl: TypeAlias = Annotated[str | None, FastPath(_PLAIN_URL_TEXT, web_url_or_none)]
