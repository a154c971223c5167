"""An expiry in the vendor's words: a last day, a number of clicks, or both."""

from linkweave.models import Expiry
from linkweave.models.changes import Change, InputProblem, Unset
from linkweave.providers.tinycc.inferred import MAX_CLICKS_KEY, NO_CLICK_LIMIT, NO_EXPIRY_DATE


def expiry_keys(expiry: Change[Expiry]) -> dict[str, object]:
    """The keys that say `expiry`; a part that is left out is not said, and stays as it is. None clears both."""
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


def object_to_expiry(expiry: Change[Expiry]) -> tuple[InputProblem, ...]:
    """The parts of an expiry that the vendor has no words for."""
    if isinstance(expiry, Unset) or expiry is None:
        return ()
    strange = {
        "count_unique_only": expiry.count_unique_only,
        "redirect_to": expiry.redirect_to,
        "redirect_to_after_clicks": expiry.redirect_to_after_clicks,
    }
    objections = [
        InputProblem(("expiry", name), "tiny.cc cannot be told this; allowed are at and afterClicks")
        for name, value in strange.items()
        if value is not None
    ]
    if expiry.after_clicks == NO_CLICK_LIMIT:
        objections.append(
            InputProblem(("expiry", "after_clicks"), "0 means no limit at tiny.cc; allowed are 1 and more")
        )
    if not objections and not expiry_keys(expiry):
        objections.append(InputProblem(("expiry",), "needs at or afterClicks"))
    return tuple(objections)
