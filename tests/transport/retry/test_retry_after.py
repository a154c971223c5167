"""Retry-After and X-RateLimit-Reset: seconds, a date or a moment; at most an hour, and nonsense is nothing."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.emulators import NOW
from harness.wires import answer
from linkweave.transport.retry.retry_after import MAX_RETRY_AFTER_SECONDS, read_retry_after

# NOW and 20 seconds, as a Unix time.
SOON = str(int(NOW.timestamp()) + 20)


def read(value: str) -> float | None:
    return read_retry_after(answer(429, headers=(("retry-after", value),)), NOW)


def later(**duration: float) -> str:
    return format_datetime(NOW + timedelta(**duration), usegmt=True)


def test_without_the_header_nothing_is_known() -> None:
    assert read_retry_after(answer(), NOW) is None


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"x-ratelimit-reset": "20"}, 20),
        (429, {"x-ratelimit-reset": SOON}, 20),
        (429, {"x-ratelimit-reset": f"{SOON}000"}, 20),
        (429, {"retry-after": "5", "x-ratelimit-reset": "20"}, 5),
        (429, {"retry-after": "soon", "x-ratelimit-reset": "20"}, 20),
        (429, {"x-ratelimit-reset": "soon"}, None),
        (200, {"x-ratelimit-reset": "20"}, None),
        (503, {"x-ratelimit-reset": "20"}, None),
        (403, {"retry-after": "20"}, 20),
        (403, {"retry-after": f"{SOON}000"}, None),
        (429, {"retry-after": f"{SOON}000"}, 20),
    ],
)
def test_the_reset_of_a_limit_counts_where_the_limit_was_reached(
    status: int, headers: Mapping[str, str], seconds: float | None
) -> None:
    assert read_retry_after(answer(status, headers=tuple(headers.items())), NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        (" 30 ", 30),
        ("0000000030", 30),
        ("3600", 3600),
        ("3601", 3600),
        ("9" * 5000, 3600),
        (SOON, 20),
        (f"{SOON}000", 20),
        (f"{SOON}500", 20.5),
        ("1000000000", 0),
        (later(seconds=30), 30),
        (later(seconds=-30), 0),
        (later(days=900), 3600),
        ("Fri, 20 Nov 2026 10:30:30 -0000", 30),
        ("Fri, 20 Nov 2026 11:30:30 +0100", 30),
        ("Friday, 20-Nov-26 10:30:30 GMT", 30),
    ],
)
def test_seconds_and_dates_are_read(value: str, seconds: float) -> None:
    assert read(value) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "1e3",
        "٣",
        "5, 5",
        "inf",
        "nan",
        "Fri, 99 Nov 2026 10:30:30 GMT",
        "Fri, 20 Nov 99999999999999999999 10:30:30 GMT",
        "Fri, 20 Nov 2026 10:30:30 +999999999999999999",
        "Fri, 20 Nov " + "9" * 5000 + " 10:30:30 GMT",
    ],
)
def test_nonsense_is_nothing(value: str) -> None:
    assert read(value) is None


date_like = st.from_regex(
    r"[A-Za-z]{3}, -?[0-9]{1,20} (Jan|Feb|Nov) -?[0-9]{1,20} [0-9:.]{0,12} ([+-][0-9]{1,20}|GMT)?"
)


@given(value=st.text() | date_like)
def test_whatever_the_vendor_writes_the_wait_is_at_most_an_hour(value: str) -> None:
    seconds = read(value)
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_SECONDS
