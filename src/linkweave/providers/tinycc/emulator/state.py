"""The data of the emulated server. It is mutable: writes change it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from linkweave.clock import Clock
from linkweave.providers.emulator_kit import SentWebhook, basic_credentials, send_nothing
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError


@dataclass
class ShortUrl:
    """A row of the vendor's table of URLs. `daily` is (total, unique) per day."""

    domain: str
    hash: str
    long_url: str
    created: datetime
    modified: datetime
    note: str = ""
    tags: list[str] = field(default_factory=list)
    daily: dict[date, tuple[int, int]] = field(default_factory=dict)
    last_visit: datetime | None = None
    email_stats: bool = False
    protected: bool = False
    ping: bool = False
    archived: bool = False
    expiration_date: date | None = None
    max_clicks: int = 0

    @property
    def total_clicks(self) -> int:
        """Clicks since it exists."""
        return sum(total for total, _ in self.daily.values())

    @property
    def unique_clicks(self) -> int:
        """Unique clicks since it exists."""
        return sum(unique for _, unique in self.daily.values())


@dataclass
class ShortDomain:
    """A shortening domain. Pages that are not set are empty strings."""

    domain: str
    status: str
    use_https: bool
    custom_root_page: str = ""
    custom_404_page: str = ""
    redirect_code: str = "303"
    hash_character_set: str = "restricted"
    hash_generation: str = "incremental"


@dataclass
class StoredWebhook:
    """A webhook; `type` says which of the target's fields are set."""

    id: str
    type: str
    url: str
    method: str
    headers: list[str]
    encoding: str
    event: str = "click"
    url_hash: str | None = None
    url_domain: str | None = None
    tag: str | None = None
    domain: str | None = None
    ignore_errors: bool = False


@dataclass
class TinyAccount:
    """One customer with all data, and the limits of the customer's plan.

    A server with `sends_days` adds `daily_clicks` to statistics. `post_limit` is in bytes.
    """

    clock: Clock
    username: str
    api_key: str
    call_limit: int
    enforces_limit: bool = True
    urls: list[ShortUrl] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    domains: list[ShortDomain] = field(default_factory=list)
    webhooks: list[StoredWebhook] = field(default_factory=list)
    active: bool = True
    sends_days: bool = False
    calls_today: int = 0
    counted_on: date = date.min
    url_limit: int = 50_000
    month_limit: int = 20_000
    post_limit: int = 4_000_000
    hashes_given: int = 0
    webhooks_made: int = 100
    send: Callable[[SentWebhook], None] = send_nothing

    def admit(self, authorization: str | None) -> None:
        """Let one call in and count it, or refuse it."""
        credentials = basic_credentials(authorization)
        if credentials is None:
            raise ApiRefusedError(1300)
        username, api_key = credentials
        if username != self.username:
            raise ApiRefusedError(1102)
        if api_key != self.api_key:
            raise ApiRefusedError(1300)
        if not self.active:
            raise ApiRefusedError(1217)
        today = self.clock.now().date()
        if self.counted_on != today:
            self.counted_on, self.calls_today = today, 0
        if self.enforces_limit and self.calls_today >= self.call_limit:
            raise ApiRefusedError(1303)
        self.calls_today += 1

    @property
    def urls_this_month(self) -> int:
        """The number of URLs created since the first of the month."""
        now = self.clock.now()
        return sum(1 for url in self.urls if (url.created.year, url.created.month) == (now.year, now.month))

    def admit_url(self) -> None:
        """Check that the plan has room for one more URL."""
        if len(self.urls) >= self.url_limit or self.urls_this_month >= self.month_limit:
            raise ApiRefusedError(1220)

    def tag(self, label: str) -> str | None:
        """The tag with this label, as it is spelled: labels are not case-sensitive."""
        return next((tag for tag in self.tags if tag.casefold() == label.casefold()), None)

    def remove(self, url: ShortUrl) -> None:
        """Delete a URL and the webhooks on it."""
        self.urls.remove(url)
        self.webhooks = [hook for hook in self.webhooks if (hook.url_domain, hook.url_hash) != (url.domain, url.hash)]

    def working_domain(self, name: str | None) -> str:
        """The domain that a call names, or the default one."""
        for each in self.domains:
            if each.status == "default" if name is None else each.domain == name.lower():
                return each.domain
        raise ApiRefusedError(1313)

    def urls_of(self, domain: str) -> list[ShortUrl]:
        """The URLs of one domain."""
        return [url for url in self.urls if url.domain == domain]

    def url(self, domain: str, name: str) -> ShortUrl:
        """One URL."""
        for url in self.urls_of(domain):
            if url.hash == name:
                return url
        raise ApiRefusedError(1306)
