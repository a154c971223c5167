"""Kutt's refusals: `{"error": "an English sentence"}`, and the sentence alone tells the reason (FOUND, all of them).

Some are HTTP 500. These are certain refusals all the same: nothing was changed. Another 500 may be anything.
"""

from types import MappingProxyType
from typing import Final

from linkweave.errors import ConflictError, ForbiddenError, NotFoundError, RejectedError, UnauthenticatedError
from linkweave.providers.refusal_table import RefusalTable, meaning

NOTHING_CHANGED: Final = "Should at least update one field."

_BAD_SLUG: Final = meaning(
    RejectedError,
    "the slug is invalid; allowed: 1 to 64 letters, digits, - and _, unless the site has an alphabet of its own",
    "slug",
)
_NO_LINK: Final = meaning(NotFoundError, "no such link")
_BAD_URL: Final = meaning(RejectedError, "the destination is not a valid public URL", "destination")

_MEANINGS: Final = MappingProxyType(
    {
        "Unauthorized.": meaning(UnauthenticatedError, "does not know the API key"),
        "Unauthorized": meaning(ForbiddenError, "allows this to administrators only"),
        "You're banned from using this website.": meaning(ForbiddenError, "has banned the user"),
        "Link was not found.": _NO_LINK,
        "Link could not be found.": _NO_LINK,
        "Could not find the link.": _NO_LINK,
        "ID is invalid.": _NO_LINK,
        "Custom URL is already in use.": meaning(ConflictError, "the slug is taken", "slug"),
        NOTHING_CHANGED: meaning(RejectedError, "nothing would change"),
        "You can't use this custom URL.": meaning(RejectedError, "the slug is reserved for the site itself", "slug"),
        "Custom URL is not valid.": _BAD_SLUG,
        "Custom URL length must be between 1 and 64.": _BAD_SLUG,
        "URL is not valid.": _BAD_URL,
        "Target is missing.": _BAD_URL,
        "Maximum URL length is 2040.": meaning(
            RejectedError, "the destination has more than 2,040 characters", "destination"
        ),
        "HOST URLs are not allowed.": meaning(RejectedError, "the destination is on the site itself", "destination"),
        "You can't use this domain.": meaning(RejectedError, "the user does not have this domain", "domain"),
        "Domain is banned.": meaning(RejectedError, "the destination is banned", "destination"),
        "URL is containing malware/scam.": meaning(RejectedError, "the destination is called malware", "destination"),
        "Expire format is invalid. Valid examples: 1m, 8h, 42 days.": meaning(
            RejectedError, "the expiry is invalid", "expiry"
        ),
        "Expire time should be more than 1 minute.": meaning(
            RejectedError, "the expiry must be more than a minute ahead", "expiry"
        ),
        "Password length must be between 3 and 64.": meaning(
            RejectedError, "the password must have 3 to 64 characters", "password"
        ),
        "Invalid value": meaning(RejectedError, "a value has a wrong type"),
    }
)


def _sentence(data: object) -> str | None:
    """The sentence, if it is a known one. Others are not shown."""
    words = data.get("error") if isinstance(data, dict) else None
    return words if isinstance(words, str) and words in _MEANINGS else None


classify: Final = RefusalTable(_sentence, _MEANINGS)
