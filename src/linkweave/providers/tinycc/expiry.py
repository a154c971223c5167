"""An expiry in the vendor's parameters: a last day, a number of clicks, or both."""

from typing import Final

from linkweave.models import Expiry, ExpiryPart
from linkweave.models.changes import Change, Unset
from linkweave.providers.tinycc.inferred import MAX_CLICKS_KEY, NO_CLICK_LIMIT, NO_EXPIRY_DATE

NEEDED: Final = (ExpiryPart.AT, ExpiryPart.AFTER_CLICKS)
"""An expiry has at least one of these."""


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
