"""A table finds the refusal in an answer by the vendor's code, whatever else is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.errors import (
    ConflictError,
    NotFoundError,
    PlanRequiredError,
    RateLimitedError,
    RejectedError,
    VendorError,
)
from linkweave.providers.refusal_table import RefusalTable, code_at, code_text, meaning, status_decides

TABLE = RefusalTable(
    code_at("error", "code"),
    {
        "conflict": meaning(ConflictError, "the slug is taken", "slug"),
        "1306": meaning(NotFoundError, "no such link"),
    },
    unknown=meaning(RejectedError, "refused this"),
    success=frozenset({"0", "ok"}),
    by_status={402: meaning(PlanRequiredError, "needs another plan")},
)
SILENT = RefusalTable(code_at("code"), {"5": meaning(RateLimitedError, "slow down")})


@pytest.mark.parametrize(
    ("status", "data", "kind", "code"),
    [
        (409, {"error": {"code": "conflict"}}, ConflictError, "conflict"),
        (200, {"error": {"code": 1306}}, NotFoundError, "1306"),
        (200, {"error": {"code": "1306"}}, NotFoundError, "1306"),
        (400, {"error": {"code": "new_code"}}, RejectedError, "new_code"),
        (402, {"error": {"code": "new_code"}}, PlanRequiredError, "new_code"),
        (402, {"error": {}}, PlanRequiredError, None),
        (402, b"no JSON", PlanRequiredError, None),
    ],
)
def test_the_code_decides_and_then_the_status(status: int, data: object, kind: type[VendorError], code: str) -> None:
    refusal = TABLE(status, data)
    assert refusal is not None
    assert (refusal.kind, refusal.provider_code) == (kind, code)


@pytest.mark.parametrize(
    "data",
    [
        {"error": {"code": 0}},
        {"error": {"code": "ok"}},
        {"error": {"code": None}},
        {"error": {"code": True}},
        {"error": {"code": [5]}},
        {"error": {"code": "words of the vendor, with blanks"}},
        {"error": {"code": "a" * 65}},
        {"error": {"code": 10**9}},
        {"error": "conflict"},
        {"links": []},
        [],
        None,
    ],
)
def test_what_has_no_code_is_left_to_the_status(data: object) -> None:
    assert TABLE(200, data) is None


def test_without_words_for_unknown_codes_the_status_decides() -> None:
    assert SILENT(400, {"code": 6}) is None
    found = SILENT(400, {"code": 5})
    assert found is not None
    assert (found.kind, found.message, found.field) == (RateLimitedError, "slow down", None)


@pytest.mark.parametrize(("status", "decides"), [(200, False), (400, False), (429, True), (499, False), (500, True)])
def test_some_statuses_say_more_than_any_code(status: int, decides: bool) -> None:
    assert status_decides(status) is decides


@given(value=st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()))
def test_a_code_is_short_and_has_no_blanks(value: object) -> None:
    code = code_text(value)
    assert code is None or (0 < len(code) <= 64 and code.isascii() and not any(map(str.isspace, code)))
