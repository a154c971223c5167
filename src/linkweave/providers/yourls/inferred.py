"""All assumptions about YOURLS beyond what its recorded answers and its source show; README.md has the same table."""

import re
from typing import Final

USABLE_SLUG: Final = re.compile(r"[0-9A-Za-z_-]+")
"""INFERRED. The characters that a site may use: base 36 or 62 (FOUND), and with plugins `-` and `_`."""


def shown_title(title: str | None, destination: str) -> str | None:
    """INFERRED. A title that equals the destination is none: `sent_title` sends it for a link without one."""
    return None if title == destination else title


def sent_title(title: str | None, destination: str) -> str:
    """A title for the site. FOUND: without one, a site fetches the page, for seconds, and from any address."""
    return title or destination
