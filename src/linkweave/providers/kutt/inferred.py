"""All assumptions about Kutt beyond what its recorded answers and its source show; README.md has the same table."""

import re
from datetime import timedelta
from typing import Final

LINK_ID: Final = re.compile(r"[0-9A-Fa-f-]{36}")
"""INFERRED. An id is 36 characters long (FOUND), and those recorded are UUIDs."""

MAX_SEARCHED_PAGES: Final = 20
"""INFERRED. Pages of a search for one slug; a site with more links that have it as a part is not searched further."""

EXPIRY_MARGIN: Final = timedelta(minutes=1)
"""INFERRED. A link expires this long before midnight, because the site counts from the arrival of the call."""
