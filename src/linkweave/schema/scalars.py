"""The custom scalars. An error about a wrong value says what is allowed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final, NewType
from urllib.parse import urlsplit

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from linkweave.models.changes import FileSource

URL = NewType("URL", str)
Long = NewType("Long", int)

_SCHEMES: Final = frozenset({"http", "https"})
_MAX_URL: Final = 8_192
# The largest whole number that JavaScript reads exactly.
_MAX_SAFE_INTEGER: Final = 2**53 - 1
_MAX_DIGITS: Final = 20


def _invalid(scalar: str, value: object, allowed: str) -> GraphQLError:
    return GraphQLError(
        f"{scalar} cannot represent {str(value)[:80]!r}; {allowed}",
        extensions={"code": "INVALID_INPUT"},
    )


def _serialize_datetime(value: datetime) -> str:
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _parse_datetime(value: object) -> datetime:
    allowed = "write an RFC 3339 time with its offset, like 2026-05-20T09:30:00Z or 2026-05-20T17:30:00+08:00"
    try:
        moment = datetime.fromisoformat(str(value)) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in str(value).upper():
        raise _invalid("DateTime", value, allowed)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _invalid("DateTime", value, allowed) from None


def _parse_date(value: object) -> date:
    allowed = "write a day as YYYY-MM-DD, like 2026-05-20"
    if not isinstance(value, str) or len(value) != len("YYYY-MM-DD"):
        raise _invalid("Date", value, allowed)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _invalid("Date", value, allowed) from None


def _parse_url(value: object) -> URL:
    allowed = "write an absolute http or https URL, like https://example.com/page"
    if not isinstance(value, str) or len(value) > _MAX_URL or any(ord(char) <= ord(" ") for char in value):
        raise _invalid("URL", value, allowed)
    try:
        parts = urlsplit(value)
        usable = parts.scheme.lower() in _SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise _invalid("URL", value, allowed)
    return URL(value)


def _serialize_long(value: object) -> int | str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise GraphQLError("Long cannot represent a value that is no whole number")
    return value if abs(value) <= _MAX_SAFE_INTEGER else str(value)


def _parse_long(value: object) -> Long:
    allowed = "write a whole number, or its digits as a string"
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) <= _MAX_DIGITS:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _invalid("Long", value, allowed)
    return Long(value)


def _parse_file(value: object) -> FileSource:
    if not isinstance(value, FileSource):
        raise _invalid("File", value, "send the file as a part of a GraphQL multipart request")
    return value


def _serialize_file(_: object) -> str:
    raise GraphQLError("File is for arguments only")


SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "A date and time in the format of RFC 3339. Responses are always in UTC. Arguments can have any offset."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_serialize_datetime,
        parse_value=_parse_datetime,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day in the format YYYY-MM-DD. The description of the field says in which time zone.",
        serialize=date.isoformat,
        parse_value=_parse_date,
    ),
    Long: strawberry.scalar(
        name="Long",
        description=(
            "A whole number of any size. Up to 9007199254740991 (2^53 - 1) it is a JSON number. A larger number is a "
            "string of its digits, because many JSON parsers would round it."
        ),
        serialize=_serialize_long,
        parse_value=_parse_long,
    ),
    FileSource: strawberry.scalar(
        name="File",
        description="A file in a multipart request, as in the GraphQL multipart request specification.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        serialize=_serialize_file,
        parse_value=_parse_file,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https URL.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=str,
        parse_value=_parse_url,
    ),
}


def as_url(value: str | None) -> URL | None:
    """Returns a vendor's URL if it is an absolute http or https URL, or else None."""
    try:
        return None if value is None else _parse_url(value)
    except GraphQLError:
        return None
