"""Fields that vendors write in many ways are read in one way, and what they cannot mean is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from linkweave.providers.wire import (
    MAX_URL_CHARACTERS,
    Count,
    Day,
    Flag,
    Moment,
    OptionalUrl,
    Text,
    WebUrl,
    Wire,
    parse_moment,
    parse_web_url,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (Count, 0, 0),
        (Count, "12", 12),
        (Count, " 1,234,567 ", 1_234_567),
        (Count, 3.0, 3),
        (Count, 2**63 - 1, 2**63 - 1),
        (Flag, True, True),
        (Flag, 0, False),
        (Flag, "1", True),
        (Flag, "False", False),
        (Moment, "2026-11-20T12:00:00Z", NOON),
        (Moment, "2026-11-20 12:00:00", NOON),
        (Moment, "2026-11-20T20:00:00.000+0800", NOON),
        (Moment, "2026-11-20T13:00:00+01:00", NOON),
        (Day, "2026-11-20", date(2026, 11, 20)),
        (WebUrl, "HTTPS://x.example/a?b#c", "HTTPS://x.example/a?b#c"),
        (OptionalUrl, "", None),
        (OptionalUrl, "/page", None),
        (OptionalUrl, None, None),
        (OptionalUrl, "http://x.example", "http://x.example"),
        (Text, 5, "5"),
        (Text, "a", "a"),
    ],
)
def test_a_field_is_read_however_a_vendor_writes_it(kind: Any, value: object, read: object) -> None:
    assert TypeAdapter(kind, config=Wire.model_config).validate_python(value) == read


UNREADABLE: dict[Any, list[object]] = {
    Count: [-1, True, None, "", "-5", "many", 1.5, "1e3", "٣", 2**63, "9" * 26, [], "1" * 5_000],
    Flag: [2, "yes", "", None, [], 1.0, -1],
    Moment: ["0000-00-00 00:00:00", "", "yesterday", 5, None, [], "0001-01-01T00:00:00+14:00"],
    Day: ["2026-13-01", "", 20261120, None, "2026-11-20T00:00:00"],
    WebUrl: ["", "x.example/a", "ftp://x.example", "https://", "http://x y", 5, None, "http://["],
    Text: ["", None, []],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in UNREADABLE.items() for value in values])
def test_what_a_field_cannot_mean_is_refused(kind: Any, value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_an_address_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="web address"):
        parse_web_url("https://x.example/" + "a" * MAX_URL_CHARACTERS)


@given(moment=st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 1, 1)), hours=st.integers(-12, 14))  # noqa: DTZ001 - zones are added
def test_a_moment_without_an_offset_is_in_the_vendors_zone(moment: datetime, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    assert parse_moment(moment.isoformat(), zone) == moment.replace(tzinfo=zone)
    assert parse_moment(moment.replace(tzinfo=zone).isoformat()) == moment.replace(tzinfo=zone)


@given(text=st.text(max_size=100))
def test_no_text_makes_the_reading_of_addresses_fail_otherwise(text: str) -> None:
    for address in (text, f"https://{text}", f"https://x.example/{text}"):
        try:
            assert parse_web_url(address) == address
        except ValueError as error:
            assert "address" in str(error) or "IPv6" in str(error) or "netloc" in str(error)  # noqa: PT017 - either outcome is fine


@given(st.from_regex(r"(https?|HTTP|ftp)?(:|://|//)?[a-z.\-:/?#@\[\]% \tü]{0,8}", fullmatch=True))
def test_an_address_is_read_if_the_standard_library_finds_a_scheme_and_a_host(text: str) -> None:
    try:
        parts = urlsplit(text)
        wanted = parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(map(str.isspace, text))
    except ValueError:
        wanted = False
    assert (TypeAdapter(OptionalUrl).validate_python(text) == text) == wanted
