"""The tables of the catalog. A change here needs a migration.

Names that end in `_key` hold a value as it is compared: folded case, normalized address. The column beside them has the
value as the vendor wrote it.

An entry of a PostgreSQL B-tree has at most 2,704 bytes, and a URL may be longer. So indexes of long text are hashes, or
hold its first ORDERED_CHARACTERS.
"""

from linkweave.catalog.tables.account_syncs import ACCOUNT_SYNCS
from linkweave.catalog.tables.clicks import CLICKS_DAILY, TOLD_CLICKS
from linkweave.catalog.tables.jobs import JOB_ROWS, JOBS, PLAN_ROWS, PLANS
from linkweave.catalog.tables.links import LINK_CHANGES, LINK_TAGS, LINKS
from linkweave.catalog.tables.metadata import METADATA, ordered_text
from linkweave.catalog.tables.subscribers import DELIVERIES, SUBSCRIBERS
from linkweave.catalog.tables.uploads import UPLOADS

__all__ = [
    "ACCOUNT_SYNCS",
    "CLICKS_DAILY",
    "DELIVERIES",
    "JOBS",
    "JOB_ROWS",
    "LINKS",
    "LINK_CHANGES",
    "LINK_TAGS",
    "METADATA",
    "PLANS",
    "PLAN_ROWS",
    "SUBSCRIBERS",
    "TOLD_CLICKS",
    "UPLOADS",
    "ordered_text",
]
