"""The days of a range, and the ranges that are refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkweave.errors import InvalidInputError
from linkweave.gather.statistics.date_range import MAX_DAYS, DateRange
from linkweave.models import Period

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (DateRange(), Period(date(2026, 10, 22), TODAY)),
        (DateRange(end=date(2026, 1, 30)), Period(date(2026, 1, 1), date(2026, 1, 30))),
        (DateRange(start=date(2026, 11, 19)), Period(date(2026, 11, 19), TODAY)),
        (DateRange(start=TODAY), Period(TODAY, TODAY)),
        (DateRange(start=TODAY + timedelta(1)), Period(TODAY + timedelta(1), TODAY + timedelta(1))),
        (DateRange(date(2026, 1, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 1, 1))),
        (DateRange(TODAY - timedelta(MAX_DAYS - 1), TODAY), Period(TODAY - timedelta(MAX_DAYS - 1), TODAY)),
        (DateRange(end=date(1, 1, 5)), Period(date.min, date(1, 1, 5))),
    ],
)
def test_a_missing_end_is_today_and_a_missing_start_is_29_days_before_the_end(
    given: DateRange, expected: Period
) -> None:
    assert given.check(TODAY) is given
    assert given.resolve(TODAY) == expected


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        (DateRange(date(2026, 11, 2), date(2026, 11, 1)), "range.from", "2026-11-02 is after to"),
        (DateRange(TODAY - timedelta(MAX_DAYS), TODAY), "range", "covers more than 1096 days"),
        (DateRange(TODAY + timedelta(2), TODAY + timedelta(9)), "range.from", "is after today"),
        (DateRange(end=date.max), "range", "is after today"),
        (DateRange(start=date.min), "range", "covers more than 1096 days"),
    ],
)
def test_a_range_that_cannot_be_counted_is_refused(given: DateRange, field: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as raised:
        given.check(TODAY)
    assert raised.value.field == field


days = st.none() | st.dates() | st.sampled_from([date.min, date.max, TODAY])


@settings(max_examples=60)
@given(days, days, st.dates() | st.sampled_from([date.min, date.max]))
def test_any_range_is_refused_with_its_field_or_resolves_to_days_in_order(
    start: date | None, end: date | None, today: date
) -> None:
    try:
        period = DateRange(start, end).check(today, "within").resolve(today)
    except InvalidInputError as error:
        assert error.field in {"within", "within.from"}  # noqa: PT017 - both outcomes are right
    else:
        assert period.start <= period.end
        assert (period.end - period.start).days < MAX_DAYS
        assert start in (None, period.start)
        assert end in (None, period.end)
