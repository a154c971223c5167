"""What is kept comes back as it was; what anybody else may have put there is nothing."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.emulators import NOW
from linkweave.errors import NotFoundError
from linkweave.transport.cache.parsed_content import ParsedContent
from linkweave.transport.cache.record import VERSION, Record, decode_record, missing_of, not_found

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone


@given(data=JSON, at=MOMENT)
def test_a_record_comes_back_as_it_was_kept(data: object, at: datetime) -> None:
    record = Record(at, at + timedelta(seconds=54.5), at + timedelta(days=1), {"main": "7"}, ParsedContent(data))
    raw = record.encode()
    assert raw is not None
    back = decode_record(raw)
    assert back == record
    assert back is not None
    assert back.content.data == data


def test_an_error_of_something_missing_comes_back_for_who_asks() -> None:
    error = NotFoundError("no link", account="main", operation="get link", provider_code="PUB00301", field="slug")
    record = Record(NOW, NOW, NOW, {"main": "7"}, missing=missing_of(error))
    back = decode_record(record.encode() or b"")
    assert back is not None
    assert back.missing is not None
    again = not_found(back.missing, "main", "read statistics")
    assert (again.message, again.account, again.operation) == ("no link", "main", "read statistics")
    assert (again.provider_code, again.field, again.retry_after) == ("PUB00301", "slug", None)
    assert not_found({}, "main", "get link").message == "main: no such thing (get link)"


def test_what_cannot_be_written_as_json_is_not_kept() -> None:
    assert Record(NOW, NOW, NOW, {}, ParsedContent({"a": "\ud800"})).encode() is None


GOOD = [VERSION, 1.0, 2.0, 3.0, {"main": "7"}, None, {"a": 1}]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, VERSION + 1),
        (0, None),
        (1, "1"),
        (1, None),
        (2, 1e300),
        (3, []),
        (4, None),
        (4, {"main": 7}),
        (4, ["main"]),
        (5, "text"),
        (5, {"message": 3}),
    ],
)
def test_a_record_of_another_shape_is_none(place: int, value: object) -> None:
    assert decode_record(orjson.dumps(GOOD)) is not None
    assert decode_record(orjson.dumps([*GOOD[:place], value, *GOOD[place + 1 :]])) is None


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{}", b"7", b"\x80\x04N.", b"[1,2", orjson.dumps([*GOOD, 1])])
def test_other_bytes_are_no_record(raw: bytes) -> None:
    assert decode_record(raw) is None
