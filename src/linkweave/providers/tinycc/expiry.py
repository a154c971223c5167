"""An expiry in the vendor's parameters: a last day, a number of clicks, or both."""

from linkweave.models import Expiry
from linkweave.models.changes import Change, InputProblem, Unset
from linkweave.providers.tinycc.inferred import MAX_CLICKS_KEY, NO_CLICK_LIMIT, NO_EXPIRY_DATE


def expiry_keys(expiry: Change[Expiry]) -> dict[str, object]:
    """The keys for `expiry`. A part without a value is not sent, and stays as it is. None clears both parts."""
    if isinstance(expiry, Unset):
        return {}
    if expiry is None:
        return {"expiration_date": NO_EXPIRY_DATE, MAX_CLICKS_KEY: NO_CLICK_LIMIT}
    keys: dict[str, object] = {}
    if expiry.at is not None:
        keys["expiration_date"] = expiry.at.isoformat()
    if expiry.after_clicks is not None:
        keys[MAX_CLICKS_KEY] = expiry.after_clicks
    return keys


def check_expiry(expiry: Change[Expiry]) -> tuple[InputProblem, ...]:
    """The parts of an expiry that the vendor has no parameter for, and numbers that are no limit: 0 means none."""
    if isinstance(expiry, Unset) or expiry is None:
        return ()
    unknown = {
        "count_unique_only": expiry.count_unique_only,
        "redirect_to": expiry.redirect_to,
        "redirect_to_after_clicks": expiry.redirect_to_after_clicks,
    }
    problems = [
        InputProblem(("expiry", name), "tiny.cc has no parameter for this; allowed are at and afterClicks")
        for name, value in unknown.items()
        if value is not None
    ]
    if expiry.after_clicks is not None and expiry.after_clicks < 1:
        message = "must be at least 1; to remove the expiry, make expiry null"
        problems.append(InputProblem(("expiry", "after_clicks"), message, is_invalid=True))
    if not problems and not expiry_keys(expiry):
        problems.append(InputProblem(("expiry",), "needs at or afterClicks"))
    return tuple(problems)
