"""All assumptions about TinyURL beyond its document; README.md has the same table.

One has no value here: the reports of a link whose analytics are switched off are empty.
"""

import re
from datetime import date, timedelta
from typing import Final

ALIAS: Final = re.compile(r"(?!\.{1,2}$)[^\s/?#\\%\x00-\x1f\x7f]{1,255}")
"""INFERRED. What can be an alias. FOUND: letters, digits, `_` and `-`, but a branded domain may have more."""

DAY_MARGIN: Final = timedelta(days=1)
"""INFERRED. Whether `from` and `to` of a list are inclusive is not told. Lists ask for one more on each side."""

MARGIN: Final = timedelta(seconds=1)
"""INFERRED, as `DAY_MARGIN`. Parts of a large list ask for one second more at their start."""

FIRST_DAY: Final = date(2002, 1, 1)
"""INFERRED. No link is older than TinyURL."""

TAG_SEARCH: Final = "tag:"
"""INFERRED. A search for a tag finds every link that has it, whatever the case; it may find others too."""

END_OF_DAY: Final = "T23:59:59+00:00"
"""INFERRED. A link expires at the end of the day, in UTC."""

BATCH_SIZE: Final = 100
"""INFERRED. Maximum number of items of a bulk job, of which the document tells none."""

POLL_SECONDS: Final = (0.5, 1, 1, 2, 2, 4, 4, 8, 8)
"""INFERRED. Pauses before the status of a bulk job is asked for."""

QUOTA_WORDS: Final = re.compile(r"\b(limit|quota|upgrade|exceeded)\b", re.IGNORECASE)
"""INFERRED. What an error of code 4 or 5 says where a quota is used up."""

FIELD_WORDS: Final = (
    (re.compile(r"\burl\b", re.IGNORECASE), "destination"),
    (re.compile(r"\balias\b", re.IGNORECASE), "slug"),
    (re.compile(r"\bdomain\b", re.IGNORECASE), "domain"),
    (re.compile(r"\bexpir", re.IGNORECASE), "expiry"),
    (re.compile(r"\bdescription\b", re.IGNORECASE), "note"),
)
"""FOUND for `url` and `alias`, INFERRED for the others. Words of an error, and the input field that it is about."""

MISSING_WORDS: Final = re.compile(r"\bnot found\b|\bdoes not exist\b", re.IGNORECASE)
"""INFERRED. What the report of a bulk job says of an alias that the account does not have."""
