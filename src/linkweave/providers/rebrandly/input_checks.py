"""Finds values that Rebrandly certainly refuses, before any call."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from linkweave.models.changes import Change, InputProblem

# DOC. A title may be shorter on update than on create in one version of the document.
NEW_LENGTHS: Final[Mapping[str, range]] = MappingProxyType(
    {"destination": range(1, 2_049), "slug": range(1, 41), "title": range(3, 256), "note": range(3, 2_001)}
)
CHANGED_LENGTHS: Final[Mapping[str, range]] = MappingProxyType({**NEW_LENGTHS, "title": range(2, 301)})
_TAG: Final = range(3, 256)


def check_lengths(values: Mapping[str, Change[str]], lengths: Mapping[str, range]) -> Iterator[InputProblem]:
    """The problems of the values that are given."""
    for name, value in values.items():
        if isinstance(value, str) and len(value) not in lengths[name]:
            yield _problem(name, lengths[name])


def check_tags(name: str, tags: Change[tuple[str, ...]]) -> Iterator[InputProblem]:
    """The problem of tags to put on a link, if there is one."""
    if isinstance(tags, tuple) and any(len(tag) not in _TAG for tag in tags):
        yield _problem(name, _TAG)


def _problem(name: str, allowed: range) -> InputProblem:
    words = f"must have {allowed.start} to {allowed.stop - 1:,} characters at Rebrandly"
    return InputProblem((name,), words, is_invalid=True)
