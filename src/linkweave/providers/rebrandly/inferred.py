"""All assumptions about Rebrandly beyond its document; README.md has the same table."""

import re
from datetime import timedelta
from typing import Final

LINK_ID: Final = re.compile(r"[0-9A-Za-z]{8,64}")
"""INFERRED. Ids have 32 hexadecimal digits (DOC). The document's own samples have other letters; FOUND: 8 digits.

Words of the API such as `new` are shorter. `GET /links/new` creates a link.
"""

DAY_MARGIN: Final = timedelta(days=1)
"""INFERRED. `dateFrom` and `dateTo` are days of an unknown zone, so that lists ask for one more on each side."""

TAG_COLOR: Final = "9e9e9e"
"""INFERRED. The color of a new tag, which the document does not call optional."""

LIMIT_CODE: Final = "LimitReached"
"""INFERRED. The code where a quota is used up."""

INLINE_TAGS: Final = "tags"
"""INFERRED for lists. The key of a link that has its tags; FOUND in answers to creates alone, and there empty.

Where a link lacks it, its tags cost a call.
"""

CYCLE: Final = "cycle"
"""INFERRED. The key of `subscription` below which the clicks of the month are counted."""
