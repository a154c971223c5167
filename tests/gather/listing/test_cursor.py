"""A cursor opens for the query, the caller's view and the server that it came from, and for no other."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from linkweave.errors import ErrorCode, InvalidInputError
from linkweave.gather.listing.cursor import CursorCodec

CODEC = CursorCodec(SecretStr("swordfish of the tests"))
QUESTION = "links one: everything"
SEALED = CODEC.seal(QUESTION, [1, {"one": {"api": ["12345", 20, "0a1b2c3d"], "dashboard": None}, "two": None}])

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False, width=16)
    | st.text()
)
positions = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def assert_refused(cursor: str, question: str = QUESTION, codec: CursorCodec = CODEC) -> None:
    with pytest.raises(InvalidInputError) as raised:
        codec.open(question, cursor)
    assert raised.value.field == "after"
    assert raised.value.code is ErrorCode.INVALID_INPUT
    assert raised.value.message.startswith("after: is not a cursor of this list")


@settings(max_examples=60)
@given(st.text(), positions)
def test_a_position_comes_back_as_it_was_sealed(question: str, position: object) -> None:
    assert CODEC.open(question, CODEC.seal(question, position)) == position


def test_a_cursor_needs_no_escaping_in_a_url() -> None:
    assert all(char.isalnum() or char in "-_" for char in SEALED)


def test_a_cursor_shows_no_secret() -> None:
    assert b"swordfish" not in urlsafe_b64decode(SEALED + "==")
    assert "swordfish" not in repr(CODEC)


def test_a_cursor_shows_nothing_of_its_position_and_is_the_same_for_the_same() -> None:
    raw = urlsafe_b64decode(SEALED + "==")
    assert not [part for part in (b"one", b"12345", b"dashboard", b"null") if part in raw]
    assert CODEC.seal(QUESTION, [7]) == CODEC.seal(QUESTION, [7]) != CODEC.seal(QUESTION, [8])
    # What two cursors differ by tells nothing of what their positions differ by.
    one, other = (urlsafe_b64decode(CODEC.seal(QUESTION, row) + "=" * 3)[17:] for row in (1_000_001, 1_000_002))
    assert sum(a != b for a, b in zip(one, other, strict=True)) > 3


def test_a_cursor_with_a_changed_character_is_refused() -> None:
    for place, bit in product(range(len(SEALED)), range(7)):
        changed = chr(ord(SEALED[place]) ^ (1 << bit))
        assert_refused(SEALED[:place] + changed + SEALED[place + 1 :])


def test_a_shortened_cursor_is_refused() -> None:
    for length in range(len(SEALED)):
        assert_refused(SEALED[:length])
        assert_refused(SEALED[-length:] if length else "")


@pytest.mark.parametrize("extra", ["=", "==", "A", "AAAA", "!", " ", "\n", "\0", "ä", "+", "/"])
def test_a_cursor_with_added_characters_is_refused(extra: str) -> None:
    for place in (0, 7, len(SEALED)):
        assert_refused(SEALED[:place] + extra + SEALED[place:])


def test_another_spelling_of_the_same_bytes_is_not_the_cursor() -> None:
    codec = CursorCodec(SecretStr("swordfish of the tests"))
    sealed = [codec.seal(QUESTION, "?" * length) for length in range(3)]
    for cursor in sealed:
        last = cursor[-1]
        others = [char for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if char != last]
        for other in others:
            assert_refused(cursor[:-1] + other)


@settings(max_examples=60)
@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    assert_refused(text)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_in_base64_are_refused(raw: bytes) -> None:
    assert_refused(urlsafe_b64encode(raw).decode().rstrip("="))


@pytest.mark.parametrize("length", [200_000, 200_001, 5_000_000])
def test_huge_input_is_refused(length: int) -> None:
    assert_refused("A" * length)


@settings(max_examples=60)
@given(st.text())
def test_a_cursor_of_another_query_is_refused(question: str) -> None:
    if question != QUESTION:
        assert_refused(SEALED, question)


@settings(max_examples=60)
@given(st.text(min_size=1))
def test_a_cursor_of_another_server_is_refused(secret: str) -> None:
    assert_refused(SEALED, codec=CursorCodec(SecretStr(secret)))


def test_secrets_differ_however_late_they_differ() -> None:
    one, other = (CursorCodec(SecretStr("x" * 100 + end)) for end in "ab")
    assert_refused(one.seal(QUESTION, 1), codec=other)


def test_the_error_names_the_field_that_was_given() -> None:
    with pytest.raises(InvalidInputError, match=r"links\.after: is not a cursor") as raised:
        CODEC.open(QUESTION, "nonsense", "links.after")
    assert raised.value.field == "links.after"
