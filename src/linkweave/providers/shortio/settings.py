"""The configuration of an account at Short.io, its two hosts, and the rate limits."""

from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator

from linkweave.providers.shortio.inferred import LIST_LIMIT, STATISTICS_LIMIT
from linkweave.settings import AccountSettings, Secret
from linkweave.settings.values import BaseUrl
from linkweave.transport.rate_limit.limiter import RateLimit

BASE_URL: Final = "https://api.short.io"
STATISTICS_URL: Final = "https://statistics.short.io"

# DOC, but for the last one.
PlanName: TypeAlias = Literal["tiny", "hobby", "small", "standard", "large", "enterprise"]

CREATE: Final = "create"
LINK: Final = "link"
BULK_CREATE: Final = "bulk create"
BULK_DELETE: Final = "bulk delete"
LIST: Final = "list"
STATISTICS: Final = "statistics"

RATE_LIMITS: Final = (
    # DOC.
    RateLimit(CREATE, 50, 1),
    RateLimit(LINK, 20, 1),
    RateLimit(BULK_CREATE, 5, 10),
    RateLimit(BULK_DELETE, 1, 1),
    # The document names none.
    RateLimit(LIST, LIST_LIMIT, 1),
    RateLimit(STATISTICS, STATISTICS_LIMIT, 1),
)


def _without_api(address: str) -> str:
    """Calls differ in their path: /api/links, but /links/{id} (DOC)."""
    return address.rstrip("/").removesuffix("/api")


class ShortioSettings(AccountSettings):
    """A secret key. With `domains`, the account has the links of these alone; a link that names none gets the first.

    `plan` is for `linkweave check` alone, which compares it with Short.io's own answer.
    `base_url` is the host of links and domains, with or without /api at its end.
    `statistics_url` is the host of the statistics, with or without /statistics at its end.
    """

    provider: Literal["shortio"]
    api_key: Secret
    plan: PlanName | None = None
    base_url: Annotated[BaseUrl, AfterValidator(_without_api)] | None = None
    statistics_url: BaseUrl | None = None

    @property
    def statistics_host(self) -> str:
        """The host of the statistics: Short.io's, or that of `base_url` where this is another server."""
        if self.statistics_url is not None:
            return self.statistics_url.rstrip("/").removesuffix("/statistics")
        if self.base_url is None or urlsplit(self.base_url).hostname == urlsplit(BASE_URL).hostname:
            return STATISTICS_URL
        return self.base_url
