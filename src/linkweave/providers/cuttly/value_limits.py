"""The numbers that Cutt.ly's document allows. It would answer some others as if they were applied (FOUND)."""

from collections.abc import Iterator, Sequence
from typing import Final

from linkweave.models import Variant
from linkweave.models.changes import InputProblem, LinkPatch

# DOC: 0 stops counting unique clicks, and 1 starts it for Single subscriptions, which have no other window.
_SWITCHES: Final = frozenset({0, 1})
_MINUTES: Final = range(15, 1441)
_PERCENT: Final = range(101)


def value_problems(patch: LinkPatch) -> Iterator[InputProblem]:
    """The values in a patch that the document excludes."""
    minutes = patch.unique_window_minutes
    if isinstance(minutes, int) and minutes not in _MINUTES and minutes not in _SWITCHES:
        yield _invalid("must be from 15 to 1440; 0 counts every click", "unique_window_minutes")
    if isinstance(patch.variants, tuple):
        yield from _share_problems(patch.variants)


def _share_problems(variants: Sequence[Variant]) -> Iterator[InputProblem]:
    wrong = [index for index, variant in enumerate(variants) if variant.percentage not in _PERCENT]
    for index in wrong:
        yield _invalid("must be from 0 to 100", "variants", str(index), "percentage")
    if not wrong and sum(variant.percentage for variant in variants) > _PERCENT[-1]:
        yield _invalid("the percentages must not have a sum above 100", "variants")


def _invalid(message: str, *path: str) -> InputProblem:
    return InputProblem(path, message, is_invalid=True)
