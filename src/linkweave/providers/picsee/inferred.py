"""All guesses about PicSee in one table: neither its document nor public material has them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.models import DomainKind, Platform

# GET /v4/my/api/usage: rows in the first list of `data`; `externalId` itself is DOC.
USAGE_COUNT: Final = "count"

# GET /v4/my/api/domains: rows in the first list of `data`; `isDefault` is FOUND.
DOMAIN_NAME: Final = "domain"
DOMAIN_KIND: Final = "type"
DOMAIN_HTTPS: Final = "https"
DOMAIN_KINDS: Final[Mapping[str, DomainKind]] = MappingProxyType(
    {"bsd": DomainKind.BRANDED, "subdomain": DomainKind.SUBDOMAIN, "root": DomainKind.SHARED}
)

# GET /v4/my/api/trackingTools
UTM_SOURCES: Final = "utmSources"
UTM_MEDIUMS: Final = "utmMediums"
PIXELS: Final = "fbPixels"
TAG_MANAGERS: Final = "gTags"
PRESET_ID: Final = "id"
PRESET_NAME: Final = "name"

# POST /v2/links/overview: keys that an item may have besides those that were FOUND.
ITEM_EXTERNAL_ID: Final = "externalId"
ITEM_SHORT_URL: Final = "picseeUrl"

# GET /v4/links/{encodeId}/details/audienceLabels: the groups are DOC, the keys of their rows are the CSV's columns.
AUDIENCE_LABEL: Final = "label"
AUDIENCE_COUNT: Final = "count"

# `target` in `targets` of create and edit. The words and the meaning of ios_android and pc_mac are FOUND. It is a guess
# that pc alone is Windows. PicSee's other words (app stores, browsers inside apps) name no platform of the gateway.
TARGETS: Final[Mapping[Platform, str]] = MappingProxyType(
    {
        Platform.IOS: "ios",
        Platform.ANDROID: "android",
        Platform.ALL_MOBILE: "ios_android",
        Platform.DESKTOP: "pc_mac",
        Platform.WINDOWS: "pc",
        Platform.MAC: "mac",
        Platform.FACEBOOK: "facebook",
        Platform.TWITTER: "twitter",
    }
)

# Report Short Link Abuse: the body is DOC, the path is not. A setting changes the path.
ABUSE_PATH: Final = "/v1/abuse"
