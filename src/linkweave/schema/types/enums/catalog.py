"""The enums of what only the catalog knows: orders, groups, changes, and how far it is in step."""

from typing import Final

from linkweave.catalog.reads.questions.destinations import DestinationOrderField
from linkweave.catalog.reads.questions.groups import StatsGroup, StatsGroupOrderField
from linkweave.catalog.reads.questions.links import LinkOrderField
from linkweave.catalog.reads.questions.orders import OrderDirection
from linkweave.catalog.sync.account_progress import SyncState
from linkweave.gather.known.points import Interval
from linkweave.gather.sources import ReadFrom
from linkweave.gather.statistics.sources import MeasuredBy
from linkweave.models.link_changes import ChangeKind, SeenBy
from linkweave.schema.types.enums.descriptions import Descriptions

CATALOG: Final[Descriptions] = {
    ReadFrom: (
        "Where data is read.",
        {
            "AUTO": (
                "From the providers. From the catalog with `orderBy`, and for an account whose provider cannot list."
            ),
            "LIVE": "From the providers. An account whose provider cannot list is left out.",
            "CATALOG": "From the catalog, without a call to a provider.",
        },
    ),
    SyncState: (
        "How far the catalog is in step with an account.",
        {
            "WAITING": "No full sync has begun.",
            "WALKING": "A full sync reads all links of the account.",
            "IN_STEP": "All links were read. New links and clicks are read all the time.",
            "FAILING": "The latest call failed; `error` says why. The gateway tries again.",
            "NOT_LISTED": (
                "The provider does not list links. The catalog has those that were created, read or imported "
                "through the gateway."
            ),
        },
    ),
    LinkOrderField: (
        "What links are ordered by.",
        {
            "CREATED_AT": "When the link was created.",
            "CLICKS": "The clicks since the link was created.",
            "UNIQUE_CLICKS": "The unique clicks since the link was created.",
            "CLICKS_IN_RANGE": "The clicks on the days of `range`.",
            "LAST_CLICK_AT": "When the link was last clicked.",
            "TITLE": "The title.",
            "SLUG": "The slug.",
            "DESTINATION": "The destination URL.",
        },
    ),
    StatsGroup: (
        "What clicks are grouped by. A link that does not have the value is in no group.",
        {
            "TAG": "The tags. A link with several tags counts in the group of each.",
            "ACCOUNT": "The account.",
            "PROVIDER": "The provider.",
            "DOMAIN": "The short domain.",
            "TEAM": "The team.",
            "CAMPAIGN": "The campaign.",
            "DESTINATION": "The destination URL.",
            "DESTINATION_HOST": "The host of the destination URL.",
            "UTM_SOURCE": "The campaign parameter `utm_source`, of the link or else of its destination.",
            "UTM_MEDIUM": "The campaign parameter `utm_medium`.",
            "UTM_CAMPAIGN": "The campaign parameter `utm_campaign`.",
            "CREATED_MONTH": "The month in which the link was created, in UTC, such as 2026-05.",
        },
    ),
    StatsGroupOrderField: (
        "What groups are ordered by.",
        {
            "CLICKS": "The clicks on the days of the range.",
            "UNIQUE_CLICKS": "The unique clicks on the days of the range.",
            "LINKS": "The number of links.",
            "KEY": "The key.",
        },
    ),
    DestinationOrderField: (
        "What destinations are ordered by.",
        {
            "LINKS": "The number of links.",
            "CLICKS": "The clicks since the links were created.",
            "UNIQUE_CLICKS": "The unique clicks since the links were created.",
            "URL": "The URL.",
        },
    ),
    Interval: (
        "The length of time of one point of a series.",
        {
            "DAY": "A day.",
            "WEEK": "A week from Monday to Sunday.",
            "MONTH": "A month.",
        },
    ),
    MeasuredBy: (
        "Who measured clicks.",
        {
            "VENDOR": "The provider.",
            "GATEWAY": "The gateway: the difference of two readings of the total counts for the day of the later one.",
        },
    ),
    ChangeKind: (
        "What happened to a link.",
        {
            "CREATED": "The gateway saw the link for the first time.",
            "UPDATED": "Fields of the link changed.",
            "DELETED": "The provider no longer has the link.",
            "RESTORED": "The link was deleted, and is there again.",
        },
    ),
    SeenBy: (
        "How the gateway saw a change.",
        {
            "GATEWAY": "A caller changed or read the link through the gateway.",
            "SYNC": "The gateway compared the catalog with the provider.",
            "WEBHOOK": "The provider reported it.",
            "IMPORT": "The link was imported.",
        },
    ),
    OrderDirection: (
        "The direction of an order.",
        {
            "ASC": "The smallest, oldest or alphabetically first value comes first.",
            "DESC": "The largest, newest or alphabetically last value comes first.",
        },
    ),
}
