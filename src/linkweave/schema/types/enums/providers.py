"""The enums of what providers support, and of the words for what they have."""

from typing import Final

from linkweave import models
from linkweave.schema.types.enums.descriptions import Descriptions

PROVIDERS: Final[Descriptions] = {
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
}
