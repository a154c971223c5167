"""All assumptions about tiny.cc beyond its document, in one place; README.md has the same table.

Some have no value here. The answers to POST and PATCH of webhooks are as with links, and a webhook that an answer
lacks does not exist. A webhook that is a form has the fields of `data` as PHP writes them. Counters start anew at
midnight of UTC, its only zone. Lists in another order have numbers and times from high to low.
"""

import re
from typing import Final

SHORT_URL_SCHEME: Final = "https"
"""INFERRED. Lists have short URLs without a scheme (DOC). Never looked up, so that each read returns the same URL."""

AUTOTAGS: Final = frozenset({"archived", "visited", "ping", "email_stats", "smart"})
"""FOUND[T9]. Words of an expression that mean something other than a tag of that name."""

SAFE_LABEL: Final = re.compile(r"\w(?:[\w-]*\w)?")
"""INFERRED. Labels that no reading of the expression syntax (FOUND[T9]) splits."""

MISSING_LINK_CODES: Final = frozenset({"1204", "1306"})
"""INFERRED. Codes that refuse a group of hashes because one of them is unknown, if such a group is refused at all."""

MISSING_DOMAIN_CODE: Final = "1313"
"""DOC."""

MAX_SLUG_CHARACTERS: Final = 255
"""INFERRED. Custom hashes have up to 25 characters (DOC); no host allows more than a column of this width."""

MAX_EXPRESSION_CHARACTERS: Final = 1_000
"""INFERRED. A longer tag expression is not sent; the gateway then checks the tags itself."""

MAX_SEARCH_CHARACTERS: Final = 200
"""INFERRED. A longer search is not sent; the gateway then searches itself."""

MAX_HASHES_CHARACTERS: Final = 30_000
"""INFERRED. Holds a group of 1,000 custom hashes, in a URL that clients and servers still accept."""

MAX_CLICKS_KEY: Final = "max_clicks"
"""INFERRED on POST and on PATCH of named links. DOC in answers and where tags choose the links."""

NO_CLICK_LIMIT: Final = 0
"""INFERRED. Removes a limit of clicks; in answers 0 is no limit (DOC sample)."""

NO_EXPIRY_DATE: Final = None
"""INFERRED. Removes an expiry date; in answers null is none (DOC sample)."""

NO_NOTE: Final = ""
"""INFERRED. Removes a note; in answers "" is none (DOC sample)."""

FLAG_KEYS: Final = {"protected": "protected", "archived": "archived"}
"""INFERRED on PATCH of named links, field to key. DOC in answers and where tags choose the links."""

DUPLICATE_TAG_CODE: Final = "1311"
"""DOC as "invalid or duplicate". INFERRED that a second tag of one name may be refused with it."""

NEWEST_MARGIN: Final = 50
"""INFERRED. Maximum number of links that other clients create on the domain between two reads of its newest links."""

WEBHOOK_ID: Final = re.compile(r"[A-Za-z0-9_-]+")
"""INFERRED. Ids are numbers (DOC sample); in a call, a comma separates them (DOC)."""
