"""What TinyURL stores for one user, and what a token may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import EmulatorOptions, RefusedError, bearer_token

SHARED_DOMAINS: Final = frozenset({"tinyurl.com", "rotf.lol", "tiny.one"})

TOKEN: Final = "sandbox-tinyurl-token"  # noqa: S105 - made up
READING_TOKEN: Final = "sandbox-tinyurl-reading-token"  # noqa: S105 - made up
SINGLE_TOKEN: Final = "sandbox-tinyurl-single-token"  # noqa: S105 - made up

_ALL: Final = frozenset({"create", "read", "update", "archive", "delete", "analytics", "bulk"})
_TICKS: Final[Mapping[str, frozenset[str]]] = {
    TOKEN: _ALL,
    READING_TOKEN: frozenset({"read"}),
    SINGLE_TOKEN: _ALL - {"bulk"},
}
# The HTTP status of each code (DOC, but for 3 and 6: INFERRED).
_STATUSES: Final = {1: 401, 3: 403, 4: 405, 5: 422, 6: 404, 7: 500}


@dataclass(frozen=True)
class Clicks:
    """The clicks of one day, all of them at noon in UTC."""

    total: int
    unique: int
    human: int


@dataclass
class StoredLink:
    """A link."""

    domain: str
    alias: str
    url: str
    created_at: datetime
    description: str | None = None
    tags: list[str] = field(default_factory=list)
    expires_at: datetime | None = None
    archived: bool = False
    counts_clicks: bool = True
    is_public: bool = False
    days: dict[date, Clicks] = field(default_factory=dict)

    def to_json(self, *, with_url: bool, deleted: bool = False) -> dict[str, object]:
        """The link as most answers show it."""
        shown: dict[str, object] = {
            "domain": self.domain,
            "alias": self.alias,
            "deleted": deleted,
            "archived": self.archived,
            "analytics": {"enabled": self.counts_clicks, "public": self.is_public},
            "tags": self.tags,
            "created_at": iso(self.created_at),
            "expires_at": None if self.expires_at is None else iso(self.expires_at),
            "description": self.description,
            "tiny_url": f"https://{self.domain}/{self.alias}",
        }
        return {**shown, "url": self.url} if with_url else shown

    def to_full_json(self) -> dict[str, object]:
        """The link as `GET /alias/…` shows it."""
        people = {"user": {"name": "Marketing", "email": "marketing@example.com"}, "team": None}
        return {**self.to_json(with_url=True), "hits": sum(day.total for day in self.days.values()), **people}


class Account:
    """One user with links on some domains.

    `lists_urls` is whether lists have destinations; `unknown_as_422` whether an unknown alias is a wrong value.
    """

    def __init__(self, options: EmulatorOptions, links: Iterable[StoredLink], domains: Iterable[str]) -> None:
        self.clock = options.clock
        self.links = {(link.domain, link.alias): link for link in links}
        self.domains = frozenset(domains)
        self.lists_urls = False
        self.unknown_as_422 = False

    def require(self, request: Request, tick: str) -> None:
        """Let a call in whose token has the permission. The token may also be in the query."""
        token = bearer_token(request) or request.query_params.get("api_token", "")
        if token not in _TICKS:
            raise refused(1, "Unauthenticated.")
        if tick not in _TICKS[token]:
            raise refused(4, "Method not allowed")

    def find(self, domain: object, alias: object) -> StoredLink:
        """The link of this name."""
        for link in self.links.values():
            if (link.domain, link.alias) == (domain, alias):
                return link
        raise refused(5, "The alias does not exist.") if self.unknown_as_422 else refused(6, "Not found")


def refused(code: int, *errors: str) -> RefusedError:
    """A refusal."""
    return RefusedError(_STATUSES[code], {"data": [], "code": code, "errors": list(errors)})


def good(data: object) -> dict[str, object]:
    """A good answer."""
    return {"data": data, "code": 0, "errors": []}


def iso(moment: datetime) -> str:
    """A moment as TinyURL writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: object, name: str) -> datetime:
    """A moment as a caller writes it; without a zone it is in UTC."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise refused(5, f"The {name} is not a valid date.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
