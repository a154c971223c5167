"""What Bitly stores for one user: an organization with a plan, groups, and the links of each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from linkweave.clock import Clock
from linkweave.providers.bitly.emulator.refusals import refused
from linkweave.providers.emulator_kit import RefusedError, SentWebhook, send_nothing

HASH_DOMAIN: Final = "bit.ly"
API: Final = "https://api-ssl.bitly.com/v4"


@dataclass
class BackHalf:
    """A custom back-half: one more name of a link, with clicks of its own."""

    name: str
    days: Counter[date] = field(default_factory=Counter)


@dataclass
class StoredLink:
    """A link. `days` are the clicks of its hash alone, and `back_halves` begin with the newest."""

    id: str
    long_url: str
    created_at: datetime
    created_by: str
    title: str | None = None
    tags: list[str] = field(default_factory=list)
    archived: bool = False
    expiration_at: str | None = None
    is_edited: bool = False
    days: Counter[date] = field(default_factory=Counter)
    back_halves: list[BackHalf] = field(default_factory=list)

    def has_name(self, name: str) -> bool:
        """Whether `name` leads to this link; case matters in back-halves."""
        return name == self.id or any(name == each.name for each in self.back_halves)

    def days_of(self, name: str) -> Counter[date]:
        """The clicks of one name."""
        return next((each.days for each in self.back_halves if each.name == name), self.days)


@dataclass(frozen=True)
class StoredWebhook:
    """A webhook; one without a group hears of all groups."""

    guid: str
    name: str
    url: str
    group: str | None

    def to_json(self, organization: str) -> dict[str, object]:
        """The webhook as an answer shows it."""
        return {
            "guid": self.guid,
            "name": self.name,
            "event": "decodes",
            "url": self.url,
            "status": "active",
            "is_active": True,
            "deactivated": None,
            "organization_guid": organization,
            "group_guid": self.group,
            "fetch_tags": False,
            "references": {"organization": f"{API}/organizations/{organization}"},
        }


@dataclass
class Group:
    """A group, its own custom domains, and its links, newest first."""

    guid: str
    name: str
    domains: Sequence[str]
    links: list[StoredLink]

    def to_json(self, organization: str, made: datetime) -> dict[str, object]:
        """The group as a list shows it."""
        return {
            "guid": self.guid,
            "organization_guid": organization,
            "name": self.name,
            "created": iso(made),
            "modified": iso(made),
            "is_active": True,
            "role": "org-admin",
            "bsds": list(self.domains),
            "references": {"organization": f"{API}/organizations/{organization}"},
        }


@dataclass
class PlanTerms:
    """What a plan has: its name, calls and links of a month, days of statistics, and whether it is a paid one."""

    tier: str
    calls: int
    encodes: int
    lookback_days: int
    is_paid: bool


class User:
    """One user with a token, the groups of one organization, and what is used of its plan."""

    def __init__(self, clock: Clock, login: str, plan: PlanTerms, groups: Sequence[Group], default: str) -> None:
        self.clock = clock
        self.login = login
        self.plan = plan
        self.organization = f"O{login}0001"
        self.groups = {group.guid: group for group in groups}
        self.default = default
        self.deleted = set[str]()
        self.webhooks: list[StoredWebhook] = []
        self.webhooks_made: list[str] = []
        self.send: Callable[[SentWebhook], None] = send_nothing
        self.encodes: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._made = 0

    def month(self) -> str:
        """The calendar month, in which plans are counted."""
        return self.clock.now().astimezone(UTC).strftime("%Y-%m")

    def group(self, guid: str) -> Group:
        """A group of the user."""
        if guid not in self.groups:
            raise refused("FORBIDDEN", "groups")
        return self.groups[guid]

    def find(self, name: str) -> tuple[Group, StoredLink]:
        """The link of a name, in any group of the user."""
        for group in self.groups.values():
            for link in group.links:
                if link.has_name(name):
                    return group, link
        raise self.missing(name)

    def missing(self, name: str) -> RefusedError:
        """Why there is no such link: it was deleted, was never made, or is somebody else's."""
        if name in self.deleted:
            return refused("GONE", "bitlinks")
        domain = name.partition("/")[0]
        is_own = domain == HASH_DOMAIN or any(domain in group.domains for group in self.groups.values())
        return refused("NOT_FOUND" if is_own else "FORBIDDEN", "bitlinks")

    def require_paid(self) -> None:
        """Let the call go on where the plan is a paid one."""
        if not self.plan.is_paid:
            raise refused("UPGRADE_REQUIRED")

    def new_hash(self) -> str:
        """A back-half that no link has."""
        self._made += 1
        return f"4Zz{self._made:04d}"

    def spend_link(self) -> None:
        """Count one of the links of the month."""
        if self.encodes[self.month()] >= self.plan.encodes:
            raise refused("MONTHLY_ENCODE_LIMIT_EXCEEDED", "bitlinks")
        self.encodes[self.month()] += 1

    def shown(self, group: Group, link: StoredLink) -> dict[str, object]:
        """The link as answers show it."""
        optional: Mapping[str, object] = {"title": link.title, "expiration_at": link.expiration_at}
        return {
            "created_at": iso(link.created_at),
            "id": link.id,
            "link": f"https://{link.id}",
            "custom_bitlinks": [f"https://{each.name}" for each in link.back_halves],
            "long_url": link.long_url,
            **{key: value for key, value in optional.items() if value is not None},
            "archived": link.archived,
            "created_by": link.created_by,
            "client_id": "a1b2c3",
            "tags": list(link.tags),
            "launchpad_ids": [],
            "deeplinks": [],
            "references": {"group": f"{API}/groups/{group.guid}"},
        }


def iso(moment: datetime) -> str:
    """A moment as Bitly writes it: an offset without a colon."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
