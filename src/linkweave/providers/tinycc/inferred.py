"""All that is assumed about tiny.cc beyond its document, in one place; README.md has the same table."""

import re
from typing import Final

SHORT_URL_SCHEME: Final = "https"
"""INFERRED. Lists give short URLs without a scheme (DOC). Never looked up, so that a link has one URL however read."""

AUTOTAGS: Final = frozenset({"archived", "visited", "ping", "email_stats", "smart"})
"""FOUND[T9]. Words that mean something else than a tag of that name in an expression."""

SAFE_LABEL: Final = re.compile(r"\w(?:[\w-]*\w)?")
"""INFERRED. Labels that no reading of the expression syntax (FOUND[T9]) takes apart."""

MISSING_LINK_CODES: Final = frozenset({"1204", "1306"})
"""INFERRED. What a group of hashes is refused with when one of them is unknown, if it is refused at all."""

MISSING_DOMAIN_CODE: Final = "1313"
"""DOC."""

MAX_SLUG_CHARACTERS: Final = 255
"""INFERRED. Custom hashes end at 25 (DOC); no host allows more than a column of this width."""

MAX_EXPRESSION_CHARACTERS: Final = 1_000
"""INFERRED. Longer tag expressions are not sent; the gateway looks at the tags itself."""

MAX_SEARCH_CHARACTERS: Final = 200
"""INFERRED. Longer searches are not sent; the gateway searches itself."""

MAX_HASHES_CHARACTERS: Final = 30_000
"""INFERRED. Room for a whole group of 1,000 custom hashes, in a URL that clients and servers still take."""

MAX_CLICKS_KEY: Final = "max_clicks"
"""INFERRED on POST and on PATCH of named links. DOC in answers and where tags choose the links."""

NO_CLICK_LIMIT: Final = 0
"""INFERRED. What takes a limit of clicks away; in answers 0 is no limit (DOC sample)."""

NO_EXPIRY_DATE: Final = None
"""INFERRED. What takes an expiry date away; in answers null is none (DOC sample)."""

NO_NOTE: Final = ""
"""INFERRED. What takes a note away; in answers "" is none (DOC sample)."""

FLAG_KEYS: Final = {"protected": "protected", "archived": "archived"}
"""INFERRED on PATCH of named links, field to key. DOC in answers and where tags choose the links."""

DUPLICATE_TAG_CODE: Final = "1311"
"""DOC as "invalid or duplicate". INFERRED that making a tag which is there already may be refused with it."""

NEWEST_MARGIN: Final = 50
"""INFERRED. How many links others may make on the domain between two looks at its newest ones."""

WEBHOOK_ID: Final = re.compile(r"[A-Za-z0-9_-]+")
"""INFERRED. Ids are numbers (DOC sample); in a call, a comma separates them (DOC)."""
