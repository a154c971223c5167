"""Checks an expiry against what a vendor has parameters for, in the same words for all vendors."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from linkweave.models import Expiry, ExpiryPart
from linkweave.models.changes import InputProblem


def unknown_parts(expiry: Expiry, known: AbstractSet[ExpiryPart]) -> Iterator[InputProblem]:
    """Finds the parts that the vendor has no parameter for."""
    allowed = ", ".join(_spelled(part) for part in ExpiryPart if part in known)
    for part in ExpiryPart:
        if part not in known and getattr(expiry, part.value) is not None:
            yield InputProblem(("expiry", part.value), f"the provider has no parameter for it; allowed: {allowed}")


def missing_part(expiry: Expiry, needed: Sequence[ExpiryPart]) -> Iterator[InputProblem]:
    """Finds an expiry that has none of the `needed` parts. Where none is needed, each expiry is complete."""
    if needed and all(getattr(expiry, part.value) is None for part in needed):
        yield InputProblem(("expiry",), f"the provider needs {' or '.join(map(_spelled, needed))}")


def wrong_values(expiry: Expiry, today: date, max_days: int | None = None) -> Iterator[InputProblem]:
    """Finds a last day that is over, or more than `max_days` from today, and a number of clicks that is no limit.

    Some vendors take such a day without a word, and some understand 0 clicks as no limit.
    """
    latest = None if max_days is None else today + timedelta(days=max_days)
    if expiry.at is not None and (expiry.at < today or (latest is not None and expiry.at > latest)):
        allowed = f"today, {today}, or later" if latest is None else f"from today, {today}, to {latest}"
        yield InputProblem(("expiry", "at"), f"must be {allowed}", is_invalid=True)
    if expiry.after_clicks is not None and expiry.after_clicks < 1:
        problem = "must be at least 1; null in place of the whole expiry removes it"
        yield InputProblem(("expiry", "after_clicks"), problem, is_invalid=True)


def _spelled(part: ExpiryPart) -> str:
    first, *rest = part.value.split("_")
    return "".join((first, *map(str.capitalize, rest)))
