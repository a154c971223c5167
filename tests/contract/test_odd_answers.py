"""Any one value of a vendor's documented answer, replaced by any JSON value, costs at most its row or its part."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.failure_cases import outcome_of, vendor_tables
from harness.odd_answers import ValuePath, json_values, replaced, value_paths
from linkweave.errors import VendorError
from linkweave.models import Page

TABLES = vendor_tables()
READS = [
    (vendor, operation)
    for vendor, table in TABLES.items()
    for operation, call in table.reads.items()
    if call.documented is not None
]


def read(vendor: str, operation: str, body: object) -> object:
    return asyncio.run(outcome_of(TABLES[vendor], operation, 200, body)).result


def rows_of(result: object) -> Sequence[Any] | None:
    """The rows of a list; None for other results."""
    return result.items if isinstance(result, Page) else result if isinstance(result, tuple) else None


def is_a_row_each(documented: Any, path: ValuePath, rows: Sequence[Any]) -> bool:
    """Whether the outermost list on the way to a value has one element for each row of the result."""
    elements = documented
    for key in path:
        if isinstance(key, int):
            return len(elements) == len(rows)
        elements = elements[key]
    return False


@pytest.mark.parametrize(("vendor", "operation"), READS)
def test_a_documented_answer_is_read(vendor: str, operation: str) -> None:
    result = read(vendor, operation, TABLES[vendor].reads[operation].documented)
    assert result is not None
    assert not isinstance(result, VendorError)


@pytest.mark.parametrize("vendor", sorted({vendor for vendor, _ in READS}))
@settings(max_examples=60)
@given(data=st.data())
def test_one_odd_value_costs_at_most_its_row(vendor: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([operation for name, operation in READS if name == vendor]))
    documented = TABLES[vendor].reads[operation].documented
    path = data.draw(st.sampled_from(list(value_paths(documented))))
    result = read(vendor, operation, replaced(documented, path, data.draw(json_values)))
    expected = rows_of(read(vendor, operation, documented))
    if expected is None or not is_a_row_each(documented, path, expected):
        # An answer without what it needs is an error of the vendor, and no other exception. An element may also make
        # several rows, such as the tags of a link.
        return
    rows = rows_of(result)
    assert rows is not None
    assert len(rows) >= len(expected) - 1
    assert len([row for row in rows if row not in expected]) <= 1
