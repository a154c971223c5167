"""The error tree: what callers see of each error. And the clock of the machine."""

import pytest

from harness.error_kinds import kinds
from linkweave import errors
from linkweave.clock import SystemClock
from linkweave.errors import (
    CircuitOpenError,
    ErrorCode,
    InvalidChoiceError,
    InvalidInputError,
    LinkNotCountedError,
    LinksNotCountedError,
    LinkweaveError,
    LocalRateLimitError,
    NotFoundError,
    QuotaKnownExhaustedError,
    RateLimitedError,
    TooLargeAnswerError,
    TooManyCallsError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.models import SERIES, TOTALS, Dimension, StatsPart

VENDOR_ERRORS = list(kinds(VendorError))


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    assert errors.__doc__ is not None
    for kind in kinds(LinkweaveError):
        assert kind.__name__ in errors.__doc__
    assert "ConfigurationError" in errors.__doc__


@pytest.mark.parametrize("kind", VENDOR_ERRORS)
def test_every_error_of_a_vendor_has_its_code_and_its_account(kind: type[VendorError]) -> None:
    error = kind("it went wrong", account="main", operation="list links")
    assert (str(error), error.message) == ("it went wrong", "it went wrong")
    assert error.extensions == {"code": error.code.value, "account": "main"}
    assert error.code is not ErrorCode.INTERNAL


def test_every_error_has_a_code_of_its_own_unless_the_gateway_raises_it_in_place_of_the_vendor() -> None:
    by_the_gateway = {
        LocalRateLimitError,
        TooManyCallsError,
        CircuitOpenError,
        QuotaKnownExhaustedError,
        LinksNotCountedError,
        LinkNotCountedError,
        InvalidChoiceError,
        TooLargeAnswerError,
    }
    codes = {kind: kind.code for kind in VENDOR_ERRORS if kind not in by_the_gateway}
    assert len(set(codes.values())) == len(codes)
    assert set(codes.values()) | {ErrorCode.INVALID_INPUT, ErrorCode.INTERNAL} == set(ErrorCode)


def test_extensions_have_all_that_is_known() -> None:
    error = NotFoundError("no", account="main", operation="get link", provider_code="E1", retry_after=0.0)
    assert error.extensions == {"code": "NOT_FOUND", "account": "main", "providerCode": "E1", "retryAfterSeconds": 0.0}


def test_a_query_of_too_many_calls_says_how_many_it_needs() -> None:
    error = TooManyCallsError("too many", account="main", operation="read statistics")
    error.calls, error.max_calls = 120, 80
    assert error.copy().extensions == {"code": "RATE_LIMITED", "account": "main", "cost": {"calls": 120, "max": 80}}


def test_a_read_may_be_repeated_after_some_errors_only() -> None:
    safe = {kind for kind in VENDOR_ERRORS if kind.safe_to_repeat}
    assert safe == {RateLimitedError, LocalRateLimitError, VendorTimeoutError, UnavailableError, CircuitOpenError}


def test_a_wrong_argument_names_its_field() -> None:
    error = InvalidInputError("filter.first", "must be 1 to 100")
    assert str(error) == "filter.first: must be 1 to 100"
    assert error.extensions == {"code": "INVALID_INPUT", "field": "filter.first"}


def test_an_error_without_a_code_of_its_own_is_internal() -> None:
    assert LinkweaveError("no").extensions == {"code": "INTERNAL"}


def test_a_part_of_statistics_knows_its_dimension() -> None:
    assert [part.dimension for part in (TOTALS, SERIES)] == [None, None]
    assert {StatsPart.of(dimension).dimension for dimension in Dimension} == set(Dimension)


async def test_the_machines_clock_is_in_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    first, moment = clock.monotonic(), clock.now()
    await clock.sleep(0)
    assert clock.monotonic() >= first
    assert moment.utcoffset() is not None
    assert not moment.utcoffset()
