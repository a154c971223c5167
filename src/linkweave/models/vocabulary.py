"""The gateway's own terms for capabilities, clicks, platforms and domains."""

from enum import Enum


class Capability(Enum):
    """Something that a provider may offer."""

    LIST_LINKS = "LIST_LINKS"
    GET_LINK = "GET_LINK"
    CREATE_LINK = "CREATE_LINK"
    UPDATE_LINK = "UPDATE_LINK"
    DELETE_LINK = "DELETE_LINK"
    RESTORE_LINK = "RESTORE_LINK"
    BATCH_CREATE = "BATCH_CREATE"
    BATCH_UPDATE = "BATCH_UPDATE"
    BATCH_DELETE = "BATCH_DELETE"
    LINK_STATS = "LINK_STATS"
    BATCH_STATS = "BATCH_STATS"
    RESET_STATS = "RESET_STATS"
    LIST_TAGS = "LIST_TAGS"
    WRITE_TAGS = "WRITE_TAGS"
    LIST_DOMAINS = "LIST_DOMAINS"
    LIST_TEAMS = "LIST_TEAMS"
    LIST_CAMPAIGNS = "LIST_CAMPAIGNS"
    LIST_TRACKERS = "LIST_TRACKERS"
    WRITE_TRACKERS = "WRITE_TRACKERS"
    LIST_TRACKING_PRESETS = "LIST_TRACKING_PRESETS"
    LIST_WEBHOOKS = "LIST_WEBHOOKS"
    WRITE_WEBHOOKS = "WRITE_WEBHOOKS"
    RECEIVE_WEBHOOKS = "RECEIVE_WEBHOOKS"
    ACCOUNT_USAGE = "ACCOUNT_USAGE"
    EXTERNAL_ID_USAGE = "EXTERNAL_ID_USAGE"
    REPORT_ABUSE = "REPORT_ABUSE"
    UPLOAD_FILE = "UPLOAD_FILE"


class Dimension(Enum):
    """A dimension of breakdowns of clicks."""

    COUNTRY = "COUNTRY"
    REFERRER = "REFERRER"
    DEVICE = "DEVICE"
    OS = "OS"
    BROWSER = "BROWSER"
    BRAND = "BRAND"
    LANGUAGE = "LANGUAGE"
    BOT = "BOT"
    SOCIAL = "SOCIAL"
    INTEREST = "INTEREST"
    BRAND_AFFINITY = "BRAND_AFFINITY"


class Measure(Enum):
    """What a number counts. Different measures are never added to each other."""

    CLICKS = "CLICKS"
    UNIQUE_CLICKS = "UNIQUE_CLICKS"
    BOT_CLICKS = "BOT_CLICKS"


class Platform(Enum):
    """A device, system or app for which a link can have another destination."""

    IOS = "IOS"
    ANDROID = "ANDROID"
    WINDOWS_MOBILE = "WINDOWS_MOBILE"
    OTHER_MOBILE = "OTHER_MOBILE"
    ALL_MOBILE = "ALL_MOBILE"
    DESKTOP = "DESKTOP"
    MAC = "MAC"
    WINDOWS = "WINDOWS"
    FACEBOOK = "FACEBOOK"
    TWITTER = "TWITTER"


class DomainKind(Enum):
    """The owner of a short domain."""

    BRANDED = "BRANDED"
    SUBDOMAIN = "SUBDOMAIN"
    SHARED = "SHARED"
    RENTED = "RENTED"


class TrackerScope(Enum):
    """Where a tracker is defined: in the provider's catalogue, in a team, or on one link."""

    CATALOG = "CATALOG"
    TEAM = "TEAM"
    LINK = "LINK"


class ExpiryPart(Enum):
    """A part of a link's expiry. The value is the name of the field of Expiry."""

    AT = "at"
    AFTER_CLICKS = "after_clicks"
    COUNT_UNIQUE_ONLY = "count_unique_only"
    REDIRECT_TO = "redirect_to"
    REDIRECT_TO_AFTER_CLICKS = "redirect_to_after_clicks"


class LinkOrigin(Enum):
    """How a link was created."""

    API = "API"
    DASHBOARD = "DASHBOARD"
    ANY = "ANY"
