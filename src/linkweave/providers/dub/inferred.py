"""All assumptions about Dub beyond its documents and its source; README.md has the same table.

One has no value here: a list of webhooks has the same fields as the answer to the creation of one.
"""

import re
from datetime import timedelta
from typing import Final

LINK_ID: Final = re.compile(r"(?!ext_)[A-Za-z0-9_-]{1,64}")
"""INFERRED. The characters of an id: `link_` and more, or an older one. `ext_` starts another kind of name (DOC)."""

ANY_WORKSPACE: Final = "workspace"
"""INFERRED. Stands for the id of the workspace, where none is configured. A key answers for its own (FOUND)."""

SHARED_DOMAIN: Final = "dub.sh"
"""The domain of new links where a workspace has none; it is not in the list (DOC). INFERRED: else one is primary."""

TAG_NAMES: Final = "tagNames"
"""INFERRED for updates: it replaces all tags of a link, which is read before. New links have these tags (DOC)."""

END_OF_DAY: Final = "T23:59:59.000Z"
"""INFERRED. A link expires at the end of the day, in UTC."""

DAYS_PER_SERIES: Final = timedelta(days=170)
"""INFERRED. Length of a series in days; above about 180 days Dub counts by months (FOUND)."""

LINKS_PER_CALL: Final = 250
"""INFERRED. Links whose clicks one call counts: their ids fill 8 kB of its URL. Dub names no limit."""

CURSORS: Final = 3
"""INFERRED. Links at the end of a page by which the next one can be found, should some be deleted."""

PLAN_WORDS: Final = ("paid plan", "higher plan", "upgrade to", "pro plan", "business plan")
"""INFERRED. What a message says, in lower case, where the plan is too low; two of these are FOUND."""

QUOTA_WORDS: Final = ("monthly limit", "exceeded your", "reached your")
"""INFERRED. What a message says, in lower case, where a quota is used up; the first is FOUND."""

MONTHS_OF_A_CYCLE: Final = 1
"""INFERRED. A billing cycle that is over has begun anew, each month on the same day or on the month's last one."""

TYPICAL_FOLDERS: Final = 4
"""INFERRED. Number of lists, one for each folder, by which the cost of an operation is estimated."""
