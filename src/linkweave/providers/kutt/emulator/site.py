"""What a site stores: one user's links and domains, and the visits of the links."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from linkweave.clock import Clock
from linkweave.providers.emulator_kit import RefusedError

DEFAULT_DOMAIN: Final = "kutt.coats-demo.example"
API_KEY: Final = "sandbox-kutt-key-of-forty-characters-000"
BANNED_KEY: Final = "sandbox-kutt-key-of-a-banned-user-000000"

_EXPIRED_AFTER_SECONDS: Final = 30
_HOUR: Final = timedelta(hours=1)


@dataclass
class StoredDomain:
    """A domain that the user added."""

    id: str
    address: str
    homepage: str
    created_at: datetime

    def to_json(self) -> dict[str, object]:
        """The domain as an answer shows it."""
        times = {"created_at": iso(self.created_at), "updated_at": iso(self.created_at)}
        return {"id": self.id, "banned": False, "address": self.address, "homepage": self.homepage, **times}


@dataclass
class StoredLink:
    """A row of the table of links. `visits` are counted by the hour of UTC in which they were made."""

    id: str
    address: str
    target: str
    created_at: datetime
    description: str | None = None
    domain: str | None = None
    password: str | None = None
    expires_at: datetime | None = None
    banned: bool = False
    updated_at: datetime | None = None
    visits: Counter[datetime] = field(default_factory=Counter)

    @property
    def link(self) -> str:
        """The short URL: https on the default domain, http on another one."""
        return (
            f"https://{DEFAULT_DOMAIN}/{self.address}"
            if self.domain is None
            else f"http://{self.domain}/{self.address}"
        )

    @property
    def visit_count(self) -> int:
        """All visits that are counted."""
        return self.visits.total()

    def to_json(self, *, created: bool = False) -> dict[str, object]:
        """The link as an answer shows it. The answer to a create lacks the default domain."""
        expires = None if self.expires_at is None else self.expires_at.strftime("%Y-%m-%d %H:%M:%S")
        shown = {
            "id": self.id,
            "address": self.address,
            "banned": self.banned,
            "created_at": iso(self.created_at),
            "updated_at": iso(self.updated_at or self.created_at),
            "password": self.password is not None,
            "description": self.description,
            "expire_in": expires,
            "target": self.target,
            "visit_count": self.visit_count,
        }
        domain = {} if created and self.domain is None else {"domain": self.domain}
        return {**shown, **domain, "link": self.link}


class Site:
    """One user's account; links in the order in which they were made."""

    def __init__(self, clock: Clock, links: Iterable[StoredLink], domains: Iterable[StoredDomain]) -> None:
        self.clock = clock
        self.domains = list(domains)
        self._links = list(links)
        self._made = 0

    def admit(self, key: str | None) -> None:
        """Let a request with the user's key in."""
        if key == BANNED_KEY:
            raise refused(403, "You're banned from using this website.")
        if key != API_KEY:
            raise refused(401, "Unauthorized.")

    @property
    def links(self) -> list[StoredLink]:
        """The links that exist: an expired one is deleted up to 30 seconds later."""
        last = self.clock.now() - timedelta(seconds=_EXPIRED_AFTER_SECONDS)
        self._links[:] = [link for link in self._links if link.expires_at is None or link.expires_at > last]
        return self._links

    def find(self, link_id: str, words: str) -> StoredLink:
        """The link with an id. `words` are the refusal, which is HTTP 500, where there is none."""
        for link in self.links:
            if link.id == link_id:
                return link
        raise refused(500, words)

    def is_taken(self, address: str, domain: str | None) -> bool:
        """Whether a link has this slug, in this case, on this domain."""
        return any((link.address, link.domain) == (address, domain) for link in self.links)

    def new_id(self) -> str:
        """An id in the form of a UUID."""
        self._made += 1
        return f"00000000-0000-4000-9000-{self._made:012d}"

    def new_address(self) -> str:
        """A slug of six characters."""
        self._made += 1
        return f"Kx{self._made:04d}"

    def search(self, words: str) -> list[StoredLink]:
        """The links that have `words` in a text, newest first; % and _ stand for any letters, and for one."""
        texts = ((link, (link.description, link.address, link.target, link.domain)) for link in reversed(self.links))
        with closing(sqlite3.connect(":memory:")) as database:
            return [link for link, own in texts if not words or any(_has(database, text, words) for text in own)]


def refused(status: int, words: str) -> RefusedError:
    """A refusal: its text alone tells the reason."""
    return RefusedError(status, {"error": words})


def iso(moment: datetime) -> str:
    """A moment as Kutt writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def hour_of(moment: datetime) -> datetime:
    """The start of the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _has(database: sqlite3.Connection, text: str | None, words: str) -> bool:
    found = database.execute("SELECT ? LIKE ?", (text, f"%{words}%")).fetchone()
    return bool(found[0])
