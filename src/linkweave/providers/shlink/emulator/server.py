"""What a server stores."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Final

from linkweave.clock import Clock
from linkweave.providers.emulator_kit import RefusedError
from linkweave.providers.shlink.emulator.problems import problem, unknown_short_url

DEFAULT_DOMAIN: Final = "shl.coats-demo.example"
API_KEY: Final = "sandbox-shlink-key"
ZONE: Final = timezone(timedelta(hours=1))
"""The server's own zone, in which all times are told."""

_DEFAULT: Final = "DEFAULT"


@dataclass(frozen=True)
class Visit:
    """One visit of a short URL."""

    at: datetime
    referer: str | None
    user_agent: str
    country: tuple[str, str] | None
    is_bot: bool


@dataclass
class ShortUrl:
    """A row of the table of short URLs; `domain` is None on the default one."""

    code: str
    long_url: str
    created: datetime
    domain: str | None = None
    title: str | None = None
    tags: list[str] = field(default_factory=list)
    valid_since: str | None = None
    valid_until: str | None = None
    max_visits: int | None = None
    crawlable: bool = False
    forward_query: bool = True
    visits: list[Visit] = field(default_factory=list)

    @property
    def short_url(self) -> str:
        """The short URL itself."""
        return f"https://{self.domain or DEFAULT_DOMAIN}/{self.code}"

    def to_json(self) -> dict[str, object]:
        """The short URL as an answer shows it."""
        return {
            "shortUrl": self.short_url,
            "shortCode": self.code,
            "longUrl": self.long_url,
            "dateCreated": told(self.created),
            "tags": self.tags,
            "meta": {"validSince": self.valid_since, "validUntil": self.valid_until, "maxVisits": self.max_visits},
            "domain": self.domain,
            "title": self.title,
            "crawlable": self.crawlable,
            "forwardQuery": self.forward_query,
            "visitsSummary": self.summary(),
            "hasRedirectRules": False,
        }

    def summary(self) -> dict[str, int]:
        """The numbers of visits, those of bots apart."""
        bots = sum(visit.is_bot for visit in self.visits)
        return {"total": len(self.visits), "nonBots": len(self.visits) - bots, "bots": bots}


class Server:
    """One account; short URLs in the order in which they were made."""

    def __init__(self, clock: Clock, short_urls: Iterable[ShortUrl], domains: Iterable[str]) -> None:
        self.clock = clock
        self.short_urls = list(short_urls)
        self.domains = list(domains)
        self._made = 0
        self.has_threshold = False

    def admit(self, key: str | None) -> None:
        """Let a request with the key in."""
        if key is None:
            raise problem(401, "missing-authentication", "Invalid authorization", "Expected one of X-Api-Key")
        if key != API_KEY:
            raise problem(401, "invalid-api-key", "Invalid API key", "Provided API key does not exist or is invalid.")

    def find(self, code: str, domain: str | None) -> ShortUrl:
        """The short URL of this code on this domain; without a domain, on the default one."""
        for each in self.short_urls:
            if (each.code, each.domain) == (code, domain):
                return each
        raise unknown_short_url(code, domain)

    def on_domain(self, name: str) -> list[ShortUrl]:
        """The short URLs of a domain; DEFAULT stands for the default one."""
        domain = None if name == _DEFAULT else name
        return [each for each in self.short_urls if each.domain == domain]

    def tags(self) -> list[str]:
        """Every tag that is on a short URL, in alphabetical order."""
        return sorted({tag for each in self.short_urls for tag in each.tags})

    def new_code(self) -> str:
        """A code of five characters."""
        self._made += 1
        return f"Zq{self._made:03d}"


def told(moment: datetime) -> str:
    """A moment with the offset of the server's zone."""
    return moment.astimezone(ZONE).replace(microsecond=0).isoformat()


def page_of(rows: list[object], page: int, size: int) -> dict[str, object]:
    """One page of rows, and what is told about all of them."""
    shown = rows[(page - 1) * size : page * size]
    pages = max(1, -(-len(rows) // size))
    pagination = {
        "currentPage": page,
        "pagesCount": pages,
        "itemsPerPage": size,
        "itemsInCurrentPage": len(shown),
        "totalItems": len(rows),
    }
    return {"data": shown, "pagination": pagination}


def refused(name: str, thing: str) -> RefusedError:
    """A tag that does not exist."""
    return problem(404, "tag-not-found", "Tag not found", f'{thing} with name "{name}" could not be found', tag=name)
