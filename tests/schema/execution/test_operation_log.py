"""The facts of an operation in its log line."""

import pytest

from harness.served_documents import served
from linkweave.observability import OperationRecord
from linkweave.schema.execution.operation_log import MAX_NAME_LENGTH, record_operation


@pytest.mark.parametrize("length", [1, MAX_NAME_LENGTH, MAX_NAME_LENGTH + 1, 90_000])
def test_the_log_line_has_at_most_200_characters_of_an_operations_name(length: int) -> None:
    notes = OperationRecord("id")
    record_operation(notes, served()(f"query {'A' * length} {{ __typename }}"), None)
    assert notes.operation is not None
    assert notes.operation.name == "A" * min(length, MAX_NAME_LENGTH)
