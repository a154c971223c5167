"""A vendor's error travels whole between workers, unless it concerns one worker alone."""

import orjson
import pytest

from harness.error_kinds import kinds
from linkweave.errors import (
    AmbiguousError,
    CircuitOpenError,
    InvalidChoiceError,
    InvalidFileError,
    NotFoundError,
    VendorError,
)
from linkweave.transport.cache.error_codec import decode_error, encode_error

# Only writes raise the first three, and no worker waits for a write of another. Each worker has a circuit of its own.
LOCAL = [AmbiguousError, InvalidFileError, InvalidChoiceError, CircuitOpenError]
SHARED = [kind for kind in kinds(VendorError) if kind not in LOCAL]


def test_every_error_that_a_read_can_raise_has_a_name_of_its_own() -> None:
    assert {kind for kind in kinds(VendorError) if kind.kind is None} == set(LOCAL)
    assert len({kind.kind for kind in SHARED}) == len(SHARED)


@pytest.mark.parametrize("kind", SHARED)
@pytest.mark.parametrize("known", [{}, {"provider_code": "E1", "retry_after": 2.5, "field": "slug"}])
def test_an_error_reaches_the_workers_that_wait_for_the_call_as_it_was(
    kind: type[VendorError], known: dict[str, str | float]
) -> None:
    error = kind("no", account="other", operation="a", **known)  # type: ignore[arg-type] # one table for all fields
    raw = encode_error(error)
    assert raw is not None
    decoded = decode_error(raw, "main", "list links")
    assert type(decoded) is kind
    assert vars(decoded) == {**vars(error), "account": "main", "operation": "list links"}


@pytest.mark.parametrize("kind", LOCAL)
def test_an_error_of_one_worker_does_not_travel(kind: type[VendorError]) -> None:
    assert encode_error(kind("it broke", account="main", operation="create link")) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no JSON",
        b"7",
        b"{}",
        b"[]",
        orjson.dumps(["VendorError", "no", None, None, None]),
        orjson.dumps(["AmbiguousError", "no", None, None, None]),
        orjson.dumps(["ambiguous", "no", None, None, None]),
        orjson.dumps([None, "no", None, None, None]),
        orjson.dumps([[NotFoundError.kind], "no", None, None, None]),
        orjson.dumps([NotFoundError.kind, "no", None, None]),
        orjson.dumps([NotFoundError.kind, 7, None, None, None]),
        orjson.dumps([NotFoundError.kind, "no", 7, None, None]),
        orjson.dumps([NotFoundError.kind, "no", None, None, {}]),
        orjson.dumps([NotFoundError.kind, "no", None, "soon", None]),
    ],
)
def test_bytes_that_encode_no_shared_error_are_no_error(raw: bytes) -> None:
    assert decode_error(raw, "main", "list links") is None
