"""A vendor that refuses, or answers something unreadable, becomes one error that says what it is and quotes nothing."""

import pytest

from harness.failure_cases import SECRET, Refusal, outcome_of, vendor_tables
from linkweave.errors import AmbiguousError, BadResponseError

TABLES = vendor_tables()

# No vendor answers this to anything, but for the two lists.
NOTHING: tuple[object, ...] = (b"", b'{"data": [', f"<html>{SECRET}</html>".encode(), None, [], [SECRET], SECRET, {})
UNREADABLE = [
    (vendor, operation, body)
    for vendor, table in TABLES.items()
    for operation, call in table.calls.items()
    for body in (*NOTHING, *table.unreadable, *call.unreadable)
    if not (call.is_list and body in ([], [SECRET]))
]
REFUSED = [
    (vendor, operation, refusal)
    for vendor, table in TABLES.items()
    for refusal in table.refusals
    for operation in refusal.calls or table.refused_calls
]


@pytest.mark.parametrize(("vendor", "operation", "body"), UNREADABLE)
async def test_an_unreadable_answer_is_a_bad_response_to_a_read_and_ambiguous_to_a_write(
    vendor: str, operation: str, body: object
) -> None:
    table = TABLES[vendor]
    failure = await outcome_of(table, operation, 200, body)
    assert type(failure.error) is (AmbiguousError if operation in table.writes else BadResponseError)
    assert failure.error.operation == operation
    assert SECRET not in f"{failure.error} {failure.error.extensions}"
    assert failure.requests == 1


@pytest.mark.parametrize(("vendor", "operation", "refusal"), REFUSED)
async def test_a_refusal_is_the_error_that_the_vendors_table_names(
    vendor: str, operation: str, refusal: Refusal
) -> None:
    failure = await outcome_of(TABLES[vendor], operation, refusal.status, refusal.body)
    error = failure.error
    assert (type(error), error.provider_code, error.field) == (refusal.error, refusal.code, refusal.field)
    assert error.operation == operation
    assert SECRET not in f"{error} {error.extensions}"
    assert failure.requests == 1
