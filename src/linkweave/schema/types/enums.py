"""Our enums as GraphQL shows them, each value described."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, cast

import strawberry
from strawberry.types.enum import has_enum_definition

from linkweave import models
from linkweave.errors import ErrorCode
from linkweave.gather.sources import SourceStatus
from linkweave.gather.writing.create_links import IfExists
from linkweave.schema.types.upload import UploadTarget
from linkweave.transport.health import CircuitState, HealthState


def describe_enums() -> None:
    """Give Strawberry the enums of the layers below, which know nothing of GraphQL. Doing it twice changes nothing.

    Types whose annotations Strawberry has read already hold the definitions that it made of bare enums, so those are
    described rather than replaced.
    """
    for enum, (description, values) in _DESCRIPTIONS.items():
        shown = enum if has_enum_definition(enum) else strawberry.enum(enum)
        definition = cast("Any", shown).__strawberry_definition__
        definition.description = description
        for value in definition.values:
            value.description = values[value.name]


_DESCRIPTIONS: Final[Mapping[type[Enum], tuple[str, Mapping[str, str]]]] = {
    models.Capability: (
        "Something that a provider can be asked to do.",
        {
            "LIST_LINKS": "Page through the links of an account.",
            "GET_LINK": "Find one link by its id or short URL.",
            "CREATE_LINK": "Make a link.",
            "UPDATE_LINK": "Change a link.",
            "DELETE_LINK": "Delete a link.",
            "RESTORE_LINK": "Bring back a deleted link.",
            "BATCH_CREATE": "Make many links in one call.",
            "BATCH_UPDATE": "Change many links in one call.",
            "BATCH_DELETE": "Delete many links in one call.",
            "LINK_STATS": "Tell the clicks of a link.",
            "RESET_STATS": "Set the clicks of a link back to nothing.",
            "LIST_TAGS": "List the tags of an account.",
            "WRITE_TAGS": "Make, rename and delete tags.",
            "LIST_DOMAINS": "List the short domains of an account.",
            "LIST_TEAMS": "List the teams of an account.",
            "LIST_CAMPAIGNS": "List the campaigns of an account.",
            "LIST_TRACKERS": "List retargeting and analytics trackers.",
            "WRITE_TRACKERS": "Put trackers on links and take them off.",
            "LIST_TRACKING_PRESETS": "List campaign values, pixels and tag managers used before.",
            "LIST_WEBHOOKS": "List webhooks.",
            "WRITE_WEBHOOKS": "Make, change and delete webhooks.",
            "ACCOUNT_USAGE": "Tell the account's plan and counters.",
            "EXTERNAL_ID_USAGE": "Count the links made over the API per external id.",
            "REPORT_ABUSE": "Report a short link as abusive.",
            "UPLOAD_FILE": "Upload a file.",
        },
    ),
    models.Dimension: (
        "What clicks can be broken down by.",
        {
            "COUNTRY": "Country, as ISO 3166-1 alpha-2 code.",
            "REFERRER": "Host name of the page that linked, or `direct`.",
            "DEVICE": "Kind of device.",
            "OS": "Operating system.",
            "BROWSER": "Browser.",
            "BRAND": "Maker of the device.",
            "LANGUAGE": "Language of the browser, as BCP 47 tag.",
            "BOT": "Name of the bot.",
            "SOCIAL": "Social network.",
            "INTEREST": "Interest of the audience, by the provider's own label ids.",
            "BRAND_AFFINITY": "Brand that the audience likes, by the provider's own names.",
        },
    ),
    models.Measure: (
        "What was counted. Different measures are never added to each other.",
        {
            "CLICKS": "Every click.",
            "UNIQUE_CLICKS": "Clicks without repeats, by the provider's own rule.",
            "BOT_CLICKS": "Clicks of bots.",
        },
    ),
    models.Platform: (
        "A device or place that a link can send elsewhere.",
        {
            "IOS": "iPhone and iPad.",
            "ANDROID": "Android devices.",
            "WINDOWS_MOBILE": "Windows phones.",
            "OTHER_MOBILE": "Mobile devices that are none of the others.",
            "ALL_MOBILE": "Every mobile device.",
            "DESKTOP": "Every desktop computer.",
            "MAC": "macOS.",
            "WINDOWS": "Windows on a desktop.",
            "FACEBOOK": "The Facebook app and its preview.",
            "TWITTER": "The Twitter (X) app and its preview.",
        },
    ),
    models.DomainKind: (
        "Whose a short domain is.",
        {
            "BRANDED": "The account's own domain.",
            "SUBDOMAIN": "A subdomain of the provider's, for this account alone.",
            "SHARED": "The provider's domain, shared by its customers.",
            "RENTED": "Rented from the provider.",
        },
    ),
    models.TrackerScope: (
        "Where a tracker is known.",
        {
            "CATALOG": "A kind of tracker that the provider supports.",
            "TEAM": "Set up for a team.",
            "LINK": "Put on a link.",
        },
    ),
    models.LinkOrigin: (
        "How a link came to be. Only PicSee tells; links of other providers match `ANY` alone.",
        {
            "API": "Made over the provider's API.",
            "DASHBOARD": "Made in the provider's dashboard or apps.",
            "ANY": "Either.",
        },
    ),
    SourceStatus: (
        "How much of an account is in a merged answer.",
        {
            "OK": "Everything that was asked for.",
            "STALE": "An older answer, because the provider could not be asked.",
            "PARTIAL": "Some of it; `error` or `notice` says why not all.",
            "FAILED": "Nothing; `error` says why. The other accounts' data is there.",
            "UNSUPPORTED": "The provider cannot be asked this. It was not called.",
        },
    ),
    ErrorCode: (
        "What went wrong, in words that are the same for every provider.",
        {
            "INVALID_INPUT": "An argument is wrong; the message names it and says what is allowed.",
            "NOT_FOUND": "The provider knows no such thing.",
            "CONFLICT": "Something is in the way, such as a slug that is taken.",
            "UNSUPPORTED": "The provider's API cannot say this. No call was made.",
            "REJECTED": "The provider refused; `providerCode` is its own code.",
            "UNAUTHENTICATED": "The provider does not accept the gateway's credentials.",
            "FORBIDDEN": "The gateway's credentials may not do this.",
            "PLAN_REQUIRED": "The account's plan does not include this.",
            "QUOTA_EXHAUSTED": "A counter of the account's plan is used up.",
            "RATE_LIMITED": "Too many calls for now; `retryAfterSeconds` says for how long.",
            "TIMEOUT": "No complete answer in time.",
            "UNAVAILABLE": "The provider cannot be reached or answers with server errors.",
            "BAD_RESPONSE": "The provider's answer is not what it documents.",
            "AMBIGUOUS": "A change broke off after it was sent: it may have been made.",
            "INTERNAL": "A fault of the gateway; its log says more under the request id.",
        },
    ),
    HealthState: (
        "How an account has answered the gateway lately.",
        {
            "UP": "The latest call was answered.",
            "DEGRADED": "The latest call failed.",
            "DOWN": "Several calls in a row failed, or the credentials were refused.",
            "UNKNOWN": "Not called yet.",
        },
    ),
    IfExists: (
        "What to do when the account has a link to the destination already. Up to 500 of its links are looked at.",
        {
            "CREATE": "Make another one.",
            "RETURN": "Give the one that is there.",
            "FAIL": "Refuse, and say which one is there.",
        },
    ),
    UploadTarget: (
        "What the short link of an upload leads to.",
        {
            "FILE": "The file itself.",
            "VIEWER": "The page that shows it.",
        },
    ),
    CircuitState: (
        "Whether the gateway calls this account at all.",
        {
            "CLOSED": "Calls are made.",
            "OPEN": "Too many calls failed; none are made for a while.",
            "HALF_OPEN": "One call is tried to see whether the account is back.",
        },
    ),
}
