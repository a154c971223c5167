"""The numbers and days that Cutt.ly's document allows. It would answer some others as if they were applied (FOUND)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from linkweave.models import Expiry, Variant
from linkweave.models.changes import InputProblem, LinkPatch

# DOC: 0 stops counting unique clicks, and 1 starts it for Single subscriptions, which have no other window.
_SWITCHES: Final = frozenset({0, 1})
_MINUTES: Final = range(15, 1441)
_PERCENT: Final = range(101)


def value_problems(patch: LinkPatch, today: date) -> Iterator[InputProblem]:
    """The values in a patch that the document excludes."""
    minutes = patch.unique_window_minutes
    if isinstance(minutes, int) and minutes not in _MINUTES and minutes not in _SWITCHES:
        yield _invalid("must be from 15 to 1440; 0 counts every click", "unique_window_minutes")
    if isinstance(patch.variants, tuple):
        yield from _share_problems(patch.variants)
    if isinstance(patch.expiry, Expiry):
        yield from _expiry_problems(patch.expiry, today)


def _share_problems(variants: Sequence[Variant]) -> Iterator[InputProblem]:
    wrong = [index for index, variant in enumerate(variants) if variant.percentage not in _PERCENT]
    for index in wrong:
        yield _invalid("must be from 0 to 100", "variants", str(index), "percentage")
    if not wrong and sum(variant.percentage for variant in variants) > _PERCENT[-1]:
        yield _invalid("the percentages must not have a sum above 100", "variants")


def _expiry_problems(expiry: Expiry, today: date) -> Iterator[InputProblem]:
    if expiry.after_clicks is not None and expiry.after_clicks < 1:
        yield _invalid("must be at least 1; to remove the expiry, make expiry null", "expiry", "after_clicks")
    if expiry.at is not None and expiry.at < today:
        yield _invalid(f"must not be before today, {today.isoformat()}", "expiry", "at")


def _invalid(message: str, *path: str) -> InputProblem:
    return InputProblem(path, message, is_invalid=True)
