"""A vendor's failure as workers tell it to each other; what anybody else wrote there tells nothing."""

import orjson
import pytest

from harness.error_kinds import kinds
from linkweave.errors import (
    AmbiguousError,
    CircuitOpenError,
    InvalidFileError,
    NotFoundError,
    RateLimitedError,
    VendorError,
)
from linkweave.transport.cache.error_codec import decode_error, encode_error

# What only writes can meet, and that this worker does not call a vendor: another one has a circuit of its own.
NOT_TOLD = [AmbiguousError, InvalidFileError, CircuitOpenError]


@pytest.mark.parametrize("kind", [kind for kind in kinds(VendorError) if kind not in NOT_TOLD])
def test_whatever_can_happen_to_a_read_is_told_whole_to_who_waits(kind: type[VendorError]) -> None:
    error = kind("no", account="main", operation="a", provider_code="E1", retry_after=2.5, field="slug")
    told = decode_error(encode_error(error), "main", "list links")
    assert type(told) is kind
    assert vars(told) == {**vars(error), "operation": "list links"}


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_what_concerns_one_worker_alone_is_told_to_nobody(kind: type[VendorError]) -> None:
    error = kind("it broke", account="main", operation="create link")
    assert decode_error(encode_error(error), "main", "create link") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no JSON",
        b"7",
        b"{}",
        b"[]",
        orjson.dumps(["VendorError", "no", None, None, None]),
        orjson.dumps([["NotFoundError"], "no", None, None, None]),
        orjson.dumps(["NotFoundError", "no", None, None]),
        orjson.dumps(["NotFoundError", 7, None, None, None]),
        orjson.dumps(["NotFoundError", "no", 7, None, None]),
        orjson.dumps(["NotFoundError", "no", None, None, {}]),
        orjson.dumps(["NotFoundError", "no", None, "soon", None]),
    ],
)
def test_what_nobody_of_us_wrote_is_no_error(raw: bytes) -> None:
    assert decode_error(raw, "main", "list links") is None


def test_what_is_not_known_is_told_as_such() -> None:
    told = decode_error(encode_error(NotFoundError("no", account="other", operation="b")), "main", "list links")
    assert told is not None
    assert (told.account, told.provider_code, told.retry_after, told.field) == ("main", None, None, None)
    assert not isinstance(told, RateLimitedError)
