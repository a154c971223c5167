"""Finds values that Kutt certainly refuses, or cannot store, before any call."""

from collections.abc import Iterator
from typing import Final

from linkweave.models.changes import Change, InputProblem

# FOUND, all of them.
_SLUG: Final = range(1, 65)
_PASSWORD: Final = range(3, 65)
_MAX_TEXT: Final = 2_040


def check_values(slug: Change[str], note: Change[str], password: Change[str]) -> tuple[InputProblem, ...]:
    """The problems of the values that are given."""
    return (
        *_check_length("slug", slug, _SLUG),
        *_check_length("note", note, range(1, _MAX_TEXT + 1)),
        *_check_length("password", password, _PASSWORD),
        *_check_bullets(password),
    )


def _check_length(name: str, value: Change[str], allowed: range) -> Iterator[InputProblem]:
    if isinstance(value, str) and len(value) not in allowed:
        problem = f"must have {allowed.start} to {allowed.stop - 1} characters at Kutt"
        yield InputProblem((name,), problem, is_invalid=True)


def _check_bullets(password: Change[str]) -> Iterator[InputProblem]:
    if isinstance(password, str) and password and not password.replace("•", ""):
        yield InputProblem(("password",), "must not be bullets alone, which mean the present one", is_invalid=True)
