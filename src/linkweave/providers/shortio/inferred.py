"""All assumptions about Short.io beyond its documents and what was found of it; README.md has the same table.

Some have no value here. `link_clicks` counts people, as the reports do, and whole lives where it gets no dates. The
lists of a report are complete. An update needs no `domain_id`, and null clears. There may be a plan
`enterprise`. Batches pass over unknown ids. `POST /tags/bulk` answers with any JSON. A
webhook has the keys of a raw click. `duplicate` is true wherever an
answer has an existing link.
"""

import re
from datetime import timedelta
from typing import Final

LINK_ID: Final = re.compile(r"lnk_[0-9A-Za-z]{1,40}_[0-9A-Za-z]{1,40}|[0-9]{1,20}")
"""DOC, but for the lengths, which are INFERRED. Old links have numbers."""

LIST_LIMIT: Final = 10
"""INFERRED. Calls a second for lists and domains."""

STATISTICS_LIMIT: Final = 2
"""INFERRED. Calls a second for statistics."""

IDS_PER_CALL: Final = 100
"""INFERRED. Links whose clicks one call counts."""

TIME_MARGIN: Final = timedelta(seconds=1)
"""INFERRED. Whether `afterDate` and `beforeDate` include their moment is not told, so that lists ask for more."""

END_OF_DAY: Final = "T23:59:59.000Z"
"""INFERRED. A link expires at the end of the day, in UTC."""

FREE_SUFFIX: Final = ".short.gy"
"""INFERRED. The end of the names of Short.io's own domains, which belong to no customer."""

QUOTA_WORDS: Final = ("limit", "quota", "exceed")
"""INFERRED. Parts of the message of HTTP 402 where a quota is used up; another 402 is a plan without the feature."""

TAKEN_WORDS: Final = ("already exist", "already taken", "duplicate")
"""INFERRED. Parts of the message of an item of a batch whose slug is taken; an item has no HTTP status."""

MILLISECONDS: Final = 1_000
"""INFERRED. Times that are numbers count milliseconds (that they may be numbers is DOC)."""

TAG_PAGES: Final = 20
"""INFERRED. Maximum number of pages of links that are read for the tags of an account. Short.io has no list of tags."""

MAX_TAGGED_LINKS: Final = 100
"""INFERRED. Maximum number of links that a renamed or deleted tag is on: each takes a call, of 20 a second."""

PATHS_PER_REPORT: Final = 500
"""INFERRED. Links whose days and breakdowns one report counts by their paths, in the body of the call."""

MAX_RECOUNTED: Final = 10
"""INFERRED. Links that are counted one by one where a report by their paths has other clicks, too."""

TYPICAL_DOMAINS: Final = 4
"""INFERRED. Number of lists, one for each domain, by which the cost of an operation is estimated."""
