"""What Rebrandly stores for one user: workspaces, each with its own links, domains and tags."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import CallLog, EmulatorOptions, RefusedError

API_KEY: Final = "sandbox-rebrandly-key"
MAX_PAGE: Final = 25

_CREATOR: Final = {
    "id": "5e3c0f6b1b0f4c8f9d3a2b1c0d9e8f70",
    "fullName": "Marketing",
    "avatarUrl": "https://example.com/a",
}


@dataclass
class StoredDomain:
    """A domain that the workspace may use."""

    id: str
    full_name: str
    type: str
    created_at: datetime

    def to_json(self) -> dict[str, object]:
        """The domain as a list shows it."""
        times = {"createdAt": iso(self.created_at), "updatedAt": iso(self.created_at)}
        counters = {"clicks": 0, "sessions": 0}
        return {"id": self.id, "fullName": self.full_name, "type": self.type, "active": True, **times, **counters}


@dataclass
class StoredTag:
    """A tag of a workspace."""

    id: str
    name: str
    color: str

    def to_json(self) -> dict[str, object]:
        """The tag as an answer shows it."""
        return {"id": self.id, "name": self.name, "color": self.color}


@dataclass
class StoredLink:
    """A link of a workspace."""

    id: str
    slashtag: str
    destination: str
    title: str
    domain: StoredDomain
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    favourite: bool = False
    clicks: int = 0
    sessions: int = 0
    last_click_at: datetime | None = None
    tags: list[StoredTag] = field(default_factory=list)

    def to_json(self, *, with_tags: bool) -> dict[str, object]:
        """The link as an answer shows it. One that was never clicked has no time of a click."""
        name, domain_id = self.domain.full_name, self.domain.id
        shown: dict[str, object] = {
            "id": self.id,
            "title": self.title,
            "slashtag": self.slashtag,
            "destination": self.destination,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
            "status": "active",
            "clicks": self.clicks,
            "sessions": self.sessions,
            "isPublic": False,
            "shortUrl": f"{name}/{self.slashtag}",
            "domainId": domain_id,
            "domainName": name,
            "domain": {"id": domain_id, "ref": f"/domains/{domain_id}", "fullName": name, "active": True},
            "https": True,
            "favourite": self.favourite,
            "forwardParameters": False,
            "creator": _CREATOR,
            "integrated": False,
        }
        optional = {
            "description": self.description,
            "lastClickAt": None if self.last_click_at is None else iso(self.last_click_at),
            "tags": [tag.to_json() for tag in self.tags] if with_tags else None,
        }
        return shown | {name: value for name, value in optional.items() if value is not None}


@dataclass
class Workspace:
    """Links newest first, domains and tags."""

    id: str
    links: list[StoredLink]
    domains: list[StoredDomain]
    tags: list[StoredTag]


class Store:
    """One user with a key and some workspaces, the first of which is the default one.

    `shows_tags` is whether a link has its tags in it; where it has not, only a list of its own tells them.
    """

    def __init__(self, options: EmulatorOptions, workspaces: Sequence[Workspace]) -> None:
        self.clock = options.clock
        self.workspaces = {each.id: each for each in workspaces}
        self.shows_tags = True
        self.clickstream_url: str | None = None
        self.send = options.send
        self._main = workspaces[0]
        self._logs = (CallLog(10, 1, options), CallLog(20_000, 3_600, options))
        self._made = 0

    def admit(self, request: Request) -> None:
        """Let a call with the key in its own header in, and count it."""
        if request.headers.get("apikey") != API_KEY:
            raise RefusedError(401, {"message": "Unauthorized", "code": "Unauthorized"})
        if not all([log.admits() for log in self._logs]):  # noqa: C419 - each log counts the call
            raise RefusedError(429, {"message": "Too many requests"})

    def workspace(self, request: Request) -> Workspace:
        """The workspace of the header; without one, the default workspace."""
        name = request.headers.get("workspace")
        if name is not None and name not in self.workspaces:
            raise RefusedError(401, {"message": "Unauthorized", "code": "Unauthorized"})
        return self._main if name is None else self.workspaces[name]

    def new_id(self) -> str:
        """An id of 32 hexadecimal digits."""
        self._made += 1
        return f"feed{self._made:028x}"


def iso(moment: datetime) -> str:
    """A moment as Rebrandly writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def invalid(code: str, name: str) -> RefusedError:
    """A refusal of a value, or for want of one: always HTTP 403."""
    return RefusedError(403, {"code": code, "message": code, "property": name, "verbose": f"{name}: {code}"})


def taken(name: str) -> RefusedError:
    """A refusal of a name that another thing has."""
    problem = {"property": name, "code": "AlreadyExists", "message": "Already exists"}
    return RefusedError(403, {**problem, "source": "api", "errors": [problem]})


def missing(name: str) -> RefusedError:
    """The refusal where nothing has such an id."""
    return RefusedError(404, {"property": name, "code": "NotFound", "message": "Not found"})
