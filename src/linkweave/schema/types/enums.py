"""The GraphQL descriptions of the enums and of their values."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, cast

import strawberry
from strawberry.types.enum import has_enum_definition

from linkweave import models
from linkweave.catalog.jobs.copy_plans import CopyState, OnConflict, SlugChoice
from linkweave.catalog.jobs.jobs import JobRowState, JobState
from linkweave.catalog.reads.questions import (
    DestinationOrderField,
    LinkOrderField,
    OrderDirection,
    StatsGroup,
    StatsGroupOrderField,
)
from linkweave.catalog.subscribers.subscribers import SubscriberEvent, SubscriberState
from linkweave.catalog.sync.account_progress import SyncState
from linkweave.errors import ErrorCode
from linkweave.gather.known.points import Interval
from linkweave.gather.sources import ReadFrom, SourceStatus
from linkweave.gather.statistics.sources import MeasuredBy
from linkweave.gather.writing.create_links import IfExists
from linkweave.jobs.importing.import_links import ImportState
from linkweave.models.link_changes import ChangeKind, SeenBy
from linkweave.schema.types.upload import UploadTarget, UploadVariantKind
from linkweave.schema.types.viewer import GatewayFeature
from linkweave.settings import Scope
from linkweave.transport.health import CircuitState, HealthState


def describe_enums() -> None:
    """Registers the enums of the layers below with Strawberry and describes them. A second call changes nothing.

    Strawberry may have registered an enum before, when it read a type's annotations. Types refer to that definition,
    so this function changes it and does not replace it.
    """
    for enum, (description, values) in _DESCRIPTIONS.items():
        shown = enum if has_enum_definition(enum) else strawberry.enum(enum)
        definition = cast("Any", shown).__strawberry_definition__
        definition.description = description
        for value in definition.values:
            value.description = values[value.name]


_DESCRIPTIONS: Final[Mapping[type[Enum], tuple[str, Mapping[str, str]]]] = {
    models.Capability: (
        "An operation that a provider supports.",
        {
            "LIST_LINKS": "Page through the links of an account.",
            "GET_LINK": "Find a link by its ID or its short URL.",
            "CREATE_LINK": "Create a link.",
            "UPDATE_LINK": "Update a link.",
            "DELETE_LINK": "Delete a link.",
            "RESTORE_LINK": "Restore a deleted link.",
            "BATCH_CREATE": "Create several links in one call.",
            "BATCH_UPDATE": "Update several links in one call.",
            "BATCH_DELETE": "Delete several links in one call.",
            "LINK_STATS": "Read the click statistics of a link.",
            "BATCH_STATS": "Count the clicks of several links in one call.",
            "RESET_STATS": "Set the click statistics of a link back to zero.",
            "LIST_TAGS": "List the tags of an account.",
            "WRITE_TAGS": "Create, rename and delete tags.",
            "LIST_DOMAINS": "List the short domains of an account.",
            "LIST_TEAMS": "List the teams of an account.",
            "LIST_CAMPAIGNS": "List the campaigns of an account.",
            "LIST_TRACKERS": "List retargeting pixels and analytics tags.",
            "WRITE_TRACKERS": "Add trackers to links and remove them.",
            "LIST_TRACKING_PRESETS": "List values used before for campaign parameters, pixels and tag managers.",
            "LIST_WEBHOOKS": "List webhooks.",
            "WRITE_WEBHOOKS": "Create, update and delete webhooks.",
            "RECEIVE_WEBHOOKS": "Tell the gateway by webhooks what happens to links.",
            "ACCOUNT_USAGE": "Read the account's plan and usage counters.",
            "EXTERNAL_ID_USAGE": "Count the links created over the API for each external ID.",
            "REPORT_ABUSE": "Report a short link as abusive.",
            "UPLOAD_FILE": "Upload a file.",
        },
    ),
    models.Dimension: (
        "A dimension by which clicks can be grouped.",
        {
            "COUNTRY": "The country, as an ISO 3166-1 alpha-2 code.",
            "REFERRER": "The host name of the page with the link, or `direct`.",
            "DEVICE": "The kind of device.",
            "OS": "The operating system.",
            "BROWSER": "The browser.",
            "BRAND": "The maker of the device.",
            "LANGUAGE": "The language of the browser, as a BCP 47 tag.",
            "BOT": "The name of the bot.",
            "SOCIAL": "The social network.",
            "INTEREST": "An interest of the visitors, as the provider's own label ID.",
            "BRAND_AFFINITY": "A brand that the visitors like, as the provider's own name.",
        },
    ),
    models.Measure: (
        "What a number counts. Numbers of different measures are never added to each other.",
        {
            "CLICKS": "Every click.",
            "UNIQUE_CLICKS": "Clicks without repeated clicks of the same visitor. Each provider has its own rule.",
            "BOT_CLICKS": "Clicks by bots.",
        },
    ),
    models.ExpiryPart: (
        "A field of `ExpiryInput`.",
        {
            "AT": "`at`: the last day of the link.",
            "AFTER_CLICKS": "`afterClicks`: the number of clicks after which the link expires.",
            "COUNT_UNIQUE_ONLY": "`countUniqueOnly`: whether only unique clicks count.",
            "REDIRECT_TO": "`redirectTo`: the destination after the last day.",
            "REDIRECT_TO_AFTER_CLICKS": "`redirectToAfterClicks`: the destination after the clicks.",
        },
    ),
    GatewayFeature: (
        "Something that the operator of a gateway may turn on.",
        {
            "CATALOG": "The catalog of links: fields and arguments that need the catalog work.",
            "SUBSCRIPTIONS": "Subscriptions.",
            "WEBHOOKS": "The gateway takes webhooks of providers, and `listen` makes them there.",
            "SUBSCRIBERS": "The gateway posts events to the addresses that `createSubscriber` names.",
        },
    ),
    Scope: (
        "A kind of operation that a caller may send.",
        {
            "READ": "Queries and subscriptions.",
            "WRITE": "Mutations, except for `refresh`.",
            "ADMIN": "The mutation `refresh`, and the metrics of a gateway whose accounts the caller may all see.",
        },
    ),
    models.Platform: (
        "A platform for which a link can have a separate destination.",
        {
            "IOS": "iPhone and iPad.",
            "ANDROID": "Android devices.",
            "WINDOWS_MOBILE": "Windows phones.",
            "OTHER_MOBILE": "All other mobile devices.",
            "ALL_MOBILE": "All mobile devices.",
            "DESKTOP": "All desktop computers.",
            "MAC": "macOS.",
            "WINDOWS": "Windows on a desktop computer.",
            "FACEBOOK": "The Facebook app and Facebook's link preview.",
            "TWITTER": "The X (Twitter) app and X's link preview.",
        },
    ),
    models.DomainKind: (
        "The kind of a short domain.",
        {
            "BRANDED": "The account's own domain.",
            "SUBDOMAIN": "A subdomain of the provider's domain. Only this account uses it.",
            "SHARED": "A domain of the provider that its customers share.",
            "RENTED": "A domain that the account rents from the provider.",
        },
    ),
    models.TrackerScope: (
        "Where a tracker is set up.",
        {
            "CATALOG": "In the provider's catalogue: a kind of tracker that the provider supports.",
            "TEAM": "For a team.",
            "LINK": "On a link.",
        },
    ),
    models.LinkOrigin: (
        "How a link was created. Only PicSee reports this. Links of other providers match only `ANY`.",
        {
            "API": "Created over the provider's API.",
            "DASHBOARD": "Created in the provider's dashboard or apps.",
            "ANY": "Created in any way.",
        },
    ),
    SourceStatus: (
        "Whether the data of an account is complete in a merged response.",
        {
            "OK": "All data is there.",
            "STALE": "The data is older than usual, because the call to the provider failed. `error` says why.",
            "PARTIAL": "Some data is missing. `error` or `notice` says why.",
            "FAILED": "All data of this account is missing. `error` says why.",
            "UNSUPPORTED": "The provider does not support this. It was not called.",
        },
    ),
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
    ErrorCode: (
        "The kind of an error. It is the same for all providers.",
        {
            "INVALID_INPUT": "An argument is wrong. The message names the argument and says what is allowed.",
            "NOT_FOUND": "The object does not exist at the provider.",
            "CONFLICT": "The request conflicts with existing data, for example a slug that is in use.",
            "UNSUPPORTED": (
                "The provider's API does not support this, and was not called. Or the gateway has no catalog."
            ),
            "REJECTED": "The provider rejected the request. `providerCode` is its own error code.",
            "UNAUTHENTICATED": "The provider did not accept the gateway's credentials.",
            "FORBIDDEN": "The gateway's credentials have no permission for this.",
            "PLAN_REQUIRED": "The account's plan does not include this.",
            "QUOTA_EXHAUSTED": "A quota of the account's plan is used up.",
            "RATE_LIMITED": "There were too many calls. `retryAfterSeconds` says how long to wait.",
            "TIMEOUT": "The provider did not answer in time.",
            "UNAVAILABLE": "The provider cannot be reached, or answers with server errors.",
            "BAD_RESPONSE": "The provider's answer does not match its documentation.",
            "AMBIGUOUS": "The connection broke after a change was sent. The provider may have made the change.",
            "INTERNAL": "An error in the gateway. Its log has the details under the request ID.",
        },
    ),
    HealthState: (
        "The health of an account.",
        {
            "UP": "The latest call succeeded.",
            "DEGRADED": "The latest call failed.",
            "DOWN": "Several calls in a row failed, or the provider did not accept the credentials.",
            "UNKNOWN": "The gateway has not called the account yet.",
        },
    ),
    CopyState: (
        "Whether a link can be copied to another account, or what prevents it.",
        {
            "READY": "The link can be copied.",
            "READY_WITH_LOSS": "The link can be copied, but the copy will lack fields.",
            "SLUG_TAKEN": "Another link has the slug.",
            "DOMAIN_UNKNOWN": "The target account does not have the domain.",
            "EXISTS": "The target account has the link already.",
            "OVER_QUOTA": "The plan of the target account allows no more links.",
            "UNSUPPORTED": "The provider of the target account cannot have such a link.",
        },
    ),
    SlugChoice: (
        "Which slug a copy has.",
        {"KEEP": "The slug of the link.", "NEW": "A new slug, which the provider chooses."},
    ),
    OnConflict: (
        "What becomes of a copy whose slug is taken.",
        {
            "SKIP": "It is not made.",
            "SUFFIX": "It gets the slug with a number behind it, such as `spring-2`.",
        },
    ),
    SubscriberEvent: (
        "An event that a subscriber is told of. The `type` of its message is in lower case, such as `link.created`.",
        {
            "LINK_CREATED": "A link was created, or seen for the first time.",
            "LINK_UPDATED": "Fields of a link changed.",
            "LINK_DELETED": "A link was deleted, or its provider has it no more.",
            "LINK_RESTORED": "A link is there again after it was deleted.",
            "LINK_CLICKED": "A link was clicked.",
        },
    ),
    SubscriberState: (
        "Whether a subscriber is told of events.",
        {
            "ACTIVE": "It is, and the latest message arrived.",
            "FAILING": "The latest message did not arrive. It is sent again, and later ones wait behind it.",
            "PARKED": "It is not, until `resumeSubscriber`: messages did not arrive for a day, or it may get none.",
        },
    ),
    JobState: (
        "The state of a job.",
        {
            "WAITING": "The gateway has not begun, or will go on.",
            "RUNNING": "The gateway works on it.",
            "DONE": "Every link was tried. Some may have failed.",
            "FAILED": "It cannot go on. `error` says why. `resumeJob` tries again.",
            "CANCELLED": "It was cancelled. `resumeJob` goes on.",
        },
    ),
    JobRowState: (
        "The state of one link of a job.",
        {
            "WAITING": "The link was not copied yet, or will be tried again.",
            "STARTED": "The provider may have been called.",
            "CREATED": (
                "The link was created. The fields that the provider takes only in an update are not all set yet. Where "
                "an update failed, `error` says why."
            ),
            "DONE": "The link was copied.",
            "FAILED": "The link was not copied, or lacks a field: then `shortUrl` is there. `error` says why.",
            "AMBIGUOUS": (
                "It is not known whether the link was copied. The gateway looks for it at the provider before it tries "
                "again."
            ),
        },
    ),
    ImportState: (
        "What became of a short URL.",
        {
            "IMPORTED": "The link was found at the provider, and is in the catalog now.",
            "KNOWN": "The catalog had the link already. The provider was not called.",
            "NOT_FOUND": "The account has no such link.",
            "FAILED": "The link could not be looked up. `error` says why.",
        },
    ),
    IfExists: (
        (
            "What happens if the account already has a link to the destination. "
            "The gateway compares at most 500 links of the account."
        ),
        {
            "CREATE": "Create another link.",
            "RETURN": "Return the existing link.",
            "FAIL": "Fail with an error that names the existing link.",
        },
    ),
    UploadVariantKind: (
        "One of the files that the provider stores for an upload.",
        {
            "ORIGINAL": "The file that was uploaded.",
            "MEDIUM": "A picture of medium size.",
            "THUMBNAIL": "A small picture.",
        },
    ),
    UploadTarget: (
        "What the short link of an upload redirects to.",
        {
            "FILE": "The file itself.",
            "VIEWER": "The page that shows the file.",
        },
    ),
    CircuitState: (
        "The state of the circuit breaker of an account.",
        {
            "CLOSED": "The gateway calls the account.",
            "OPEN": "Too many calls failed. The gateway does not call the account for a while.",
            "HALF_OPEN": "The gateway tries one call to see whether the account works again.",
        },
    ),
}
