"""What a workspace stores: links, tags, folders and domains."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import CallLog, EmulatorOptions, RefusedError

TOKEN: Final = "dub_sandbox"  # noqa: S105 - made up
FREE_TOKEN: Final = "dub_sandbox_free"  # noqa: S105 - made up
SHARED_DOMAIN: Final = "dub.sh"

# DOC: the Advanced plan.
_CALLS_A_MINUTE: Final = 3_000
_STATISTICS_A_SECOND: Final = 8

_STATUSES: Final = {
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "exceeded_limit": 403,
    "not_found": 404,
    "conflict": 409,
    "unprocessable_entity": 422,
    "rate_limit_exceeded": 429,
}


@dataclass
class StoredTag:
    """A tag."""

    id: str
    name: str
    color: str = "blue"

    def to_json(self) -> dict[str, object]:
        """The tag as an answer shows it."""
        return {"id": self.id, "name": self.name, "color": self.color}


@dataclass
class StoredLink:
    """A link. `fields` are those that a body of a write has under the same key."""

    id: str
    domain: str
    key: str
    url: str
    created_at: datetime
    fields: dict[str, object] = field(default_factory=dict)
    tags: list[StoredTag] = field(default_factory=list)
    folder_id: str | None = None
    days: Counter[date] = field(default_factory=Counter)

    @property
    def clicks(self) -> int:
        """All clicks."""
        return self.days.total()


@dataclass(frozen=True)
class StoredWebhook:
    """A webhook of the workspace."""

    id: str
    name: str
    url: str
    secret: str
    triggers: tuple[str, ...]
    scope: object

    def to_json(self) -> dict[str, object]:
        """The webhook as an answer shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "secret": self.secret,
            "triggers": list(self.triggers),
            "linkScope": self.scope,
            "disabledAt": None,
            "installationId": None,
        }


@dataclass(frozen=True)
class StoredDomain:
    """A domain of the workspace."""

    slug: str
    primary: bool


class Workspace:
    """One workspace; links in the order in which they were made."""

    def __init__(
        self,
        options: EmulatorOptions,
        links: Iterable[StoredLink],
        tags: Iterable[StoredTag],
        folders: Sequence[str],
        domains: Sequence[StoredDomain],
    ) -> None:
        self.clock = options.clock
        self.links = list(links)
        self.tags = list(tags)
        self.folders = folders
        self.domains = domains
        self.webhooks: list[StoredWebhook] = []
        self.send = options.send
        self.has_statistics = True
        self._made = 0
        self._calls = CallLog(_CALLS_A_MINUTE, 60, options)
        self._statistics = CallLog(_STATISTICS_A_SECOND, 1, options)

    def admit(self, request: Request) -> None:
        """Let a call with the token in, and count it."""
        header = request.headers.get("authorization")
        if header is None:
            raise refused("unauthorized", "Missing Authorization header.")
        if not header.startswith("Bearer "):
            raise refused("bad_request", "Misconfigured authorization header.")
        token = header.removeprefix("Bearer ")
        if token not in {TOKEN, FREE_TOKEN}:
            raise refused("unauthorized", "Unauthorized: Invalid API key.")
        self.has_statistics = token == TOKEN
        log = self._statistics if request.url.path.endswith("/analytics") else self._calls
        if not log.admits():
            raise refused("rate_limit_exceeded", "Too many requests.")

    def limit_headers(self) -> dict[str, str]:
        """The same moment, in milliseconds, in both headers (FOUND)."""
        reset = str(round((self.clock.now() + timedelta(seconds=1)).timestamp() * 1000))
        return {"x-ratelimit-reset": reset, "retry-after": reset}

    def find(self, name: str) -> StoredLink:
        """The link of an id, or of an external id behind `ext_`."""
        for link in self.links:
            if name == link.id or (name.startswith("ext_") and link.fields.get("externalId") == name[4:]):
                return link
        raise refused("not_found", "Link not found.")

    def named(self, domain: str, key: str) -> StoredLink | None:
        """The link of a domain and key, whatever their case."""
        wanted = (domain.lower(), key.strip("/").lower())
        return next((link for link in self.links if (link.domain, link.key.lower()) == wanted), None)

    def new_id(self, kind: str) -> str:
        """An id that sorts behind all earlier ones."""
        self._made += 1
        return f"{kind}_1KZ{self._made:08d}"

    def to_json(self, link: StoredLink) -> dict[str, object]:
        """The link as an answer shows it, with every documented key."""
        clicked = max((day for day, clicks in link.days.items() if clicks), default=None)
        return {
            **dict.fromkeys(_NULL_KEYS),
            "trackConversion": False,
            "archived": False,
            "proxy": False,
            "rewrite": False,
            "doIndex": False,
            "publicStats": False,
            "webhookIds": [],
            "leads": 0,
            "conversions": 0,
            "sales": 0,
            "saleAmount": 0,
            "workspaceId": "ws_sandbox",
            "projectId": "sandbox",
            **link.fields,
            "id": link.id,
            "domain": link.domain,
            "key": link.key,
            "shortLink": f"https://{link.domain}/{link.key}",
            "qrCode": f"https://api.dub.co/qr?url=https://{link.domain}/{link.key}",
            "url": link.url,
            "tags": [tag.to_json() for tag in link.tags],
            "tagId": link.tags[0].id if link.tags else None,
            "folderId": link.folder_id,
            "clicks": link.clicks,
            "lastClicked": None if clicked is None else f"{clicked.isoformat()}T12:00:00.000Z",
            "createdAt": iso(link.created_at),
            "updatedAt": iso(link.created_at),
        }


_NULL_KEYS: Final = (
    *("externalId", "tenantId", "programId", "partnerId", "expiresAt", "expiredUrl", "disabledAt", "password"),
    *("title", "description", "image", "video", "ios", "android", "geo", "comments"),
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
    *("testVariants", "testStartedAt", "testCompletedAt", "userId"),
)


def refused(code: str, message: str) -> RefusedError:
    """A refusal."""
    slug = code.replace("_", "-")
    url = f"https://dub.co/docs/api-reference/errors#{slug}"
    return RefusedError(_STATUSES[code], {"error": {"code": code, "message": message, "doc_url": url}})


def iso(moment: datetime) -> str:
    """A moment as Dub writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
