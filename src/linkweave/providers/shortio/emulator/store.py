"""What Short.io stores for one user: domains, and their links."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import CallLog, EmulatorOptions, RefusedError

API_KEY: Final = "sandbox-shortio-key"
SMALL_PLAN_KEY: Final = "sandbox-shortio-small-plan-key"
ONE_DOMAIN_KEY: Final = "sandbox-shortio-one-domain-key"

# DOC: calls and seconds of each group. The last two are INFERRED.
_LIMITS: Final = {
    "create": (50, 1),
    "link": (20, 1),
    "bulk create": (5, 10),
    "bulk delete": (1, 1),
    "list": (10, 1),
    "statistics": (2, 1),
}
_USER: Final = {"id": 4242, "name": "Marketing", "email": "marketing@example.com", "photoURL": "https://example.com/p"}


@dataclass(frozen=True)
class StoredDomain:
    """A domain of the user."""

    id: int
    hostname: str
    created_at: datetime
    case_sensitive: bool = False
    state: str = "configured"

    def to_json(self) -> dict[str, object]:
        """The domain as an answer shows it."""
        return {
            "id": self.id,
            "hostname": self.hostname,
            "unicodeHostname": self.hostname,
            "state": self.state,
            "TeamId": None,
            "linkType": "random",
            "caseSensitive": self.case_sensitive,
            "httpsLinks": True,
            "httpsLevel": "redirect",
            "cloaking": False,
            "hideReferer": False,
            "hideVisitorIp": True,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.created_at),
        }


@dataclass
class StoredLink:
    """A link. `fields` are keys of a body as they were sent; `humans` and `bots` are its clicks by day."""

    id: str
    domain: StoredDomain
    path: str
    created_at: datetime
    updated_at: datetime
    source: str = "api"
    fields: dict[str, Any] = field(default_factory=dict)
    humans: Counter[date] = field(default_factory=Counter)
    bots: Counter[date] = field(default_factory=Counter)

    def to_json(self) -> dict[str, object]:
        """The link as an answer shows it."""
        redirect = self.fields.get("redirectType")
        return {
            "tags": [],
            "archived": False,
            "cloaking": False,
            "skipQS": False,
            **dict.fromkeys(_NULL_KEYS),
            **self.fields,
            "redirectType": None if redirect is None else str(redirect),
            "idString": self.id,
            "id": self.id,
            "path": self.path,
            "lcpath": self.path.lower(),
            "shortURL": f"https://{self.domain.hostname}/{self.path}",
            "secureShortURL": f"https://{self.domain.hostname}/{self.path}",
            "DomainId": self.domain.id,
            "OwnerId": _USER["id"],
            "FolderId": None,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
            "source": self.source,
            "hasPassword": self.fields.get("password") is not None,
            "User": _USER,
        }


_NULL_KEYS: Final = (
    *("title", "passwordContact", "expiresAt", "expiredURL", "ttl", "clicksLimit", "androidURL", "iphoneURL"),
    *("splitURL", "splitPercent", "utmSource", "utmMedium", "utmCampaign", "utmTerm", "utmContent"),
    *("integrationGA", "integrationFB", "integrationTT", "integrationAdroll", "integrationGTM"),
)


class Store:
    """The user's domains and links."""

    def __init__(
        self, options: EmulatorOptions, domains: Sequence[StoredDomain], links: Iterable[StoredLink], max_links: int
    ) -> None:
        self.clock = options.clock
        self.domains = list(domains)
        self.links = list(links)
        self.deleted: list[StoredLink] = []
        self.max_links = max_links
        self.webhook_urls: dict[int, str | None] = {}
        self.send = options.send
        self._logs = {name: CallLog(*limit, options) for name, limit in _LIMITS.items()}
        self._made = 0

    def admit(self, request: Request, group: str) -> None:
        """Let a call with a key in, and count it. The key stands bare in the header (DOC)."""
        if request.headers.get("authorization") not in {API_KEY, SMALL_PLAN_KEY, ONE_DOMAIN_KEY}:
            raise refused(401, "Unauthorized")
        if not self._logs[group].admits():
            raise refused(429, "Too many requests")

    def domains_of(self, request: Request) -> list[StoredDomain]:
        """The domains that the key of the request may use."""
        return self.domains[:1] if request.headers.get("authorization") == ONE_DOMAIN_KEY else self.domains

    def domain(self, request: Request, name: object) -> StoredDomain:
        """The domain with an id or a host name."""
        for domain in self.domains:
            if name in {str(domain.id), domain.hostname} or name == domain.id:
                if domain not in self.domains_of(request):
                    raise RefusedError(403, {"error": "Access denied", "type": "accessDenied"})
                return domain
        raise refused(404, "Domain not found")

    def link(self, request: Request, link_id: str) -> StoredLink:
        """The link with an id, on a domain that the key may use."""
        for link in self.links:
            if link.id == link_id and link.domain in self.domains_of(request):
                return link
        raise refused(404, "Link not found")

    def at(self, domain: StoredDomain, path: str) -> StoredLink | None:
        """The link with a path; without case, unless the domain says otherwise."""
        for link in self.links:
            same = link.path == path if domain.case_sensitive else link.path.lower() == path.lower()
            if link.domain is domain and same:
                return link
        return None

    def delete(self, links: Iterable[StoredLink]) -> None:
        """Delete links. Their clicks stay in the statistics of the domain."""
        for link in links:
            self.links.remove(link)
            self.deleted.append(link)

    def new_id(self) -> str:
        """An id that no link has."""
        self._made += 1
        return f"lnk_4sGe_new{self._made:08d}"


def refused(status: int, message: str, **more: object) -> RefusedError:
    """A refusal, as most endpoints write it."""
    return RefusedError(status, {"error": message, "message": message, **more})


def refused_create(status: int, message: str, **more: object) -> RefusedError:
    """A refusal of a create."""
    return RefusedError(status, {"message": message, "statusCode": status, "success": False, **more})


def iso(moment: datetime) -> str:
    """A moment as Short.io writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
