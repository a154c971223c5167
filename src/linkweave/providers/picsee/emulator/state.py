"""The emulated accounts and their links: plain mutable objects, one set per emulator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Final

from linkweave.clock import Clock
from linkweave.providers.emulator_seed import SeedDay, SeedLink, marketing_links

MAIN_TOKEN: Final = "sandbox-picsee-token"  # noqa: S105 - opens nothing but this emulator
BASIC_TOKEN: Final = "sandbox-picsee-basic-token"  # noqa: S105 - opens nothing but this emulator
FREE_TOKEN: Final = "sandbox-picsee-free-token"  # noqa: S105 - opens nothing but this emulator

TAIPEI: Final = timezone(timedelta(hours=8))

LINKS: Final = 120
DOMAINS: Final = ("go.example.com", "go.example.com", "pse.is", "go.example.com", "user739.pse.is")
EXTERNAL_IDS: Final = (None, "newsletter-46", "20261111_campaign", None, "crm-export", "20261111_campaign", "partner")
SHARED_DOMAIN: Final = {"domain": "pse.is", "type": "root", "https": True, "isDefault": False}
NEWEST_MAP_ID: Final = 22_198_535


@dataclass
class VendorLink:
    """A short link, in the trash since `deleted_at`. Times are Taipei's."""

    map_id: int
    domain: str
    encode_id: str
    url: str
    title: str
    tags: list[str]
    created_at: datetime
    external_id: str | None
    is_api: bool
    is_star: bool
    days: tuple[SeedDay, ...]
    deleted_at: datetime | None = None

    @property
    def short_url(self) -> str:
        """The short URL."""
        return f"https://{self.domain}/{self.encode_id}"

    def between(self, start: datetime, end: datetime) -> tuple[SeedDay, ...]:
        """The days that begin before `end` and end after `start`."""
        return tuple(entry for entry in self.days if entry.day >= start.date() and _midnight(entry.day) < end)

    @property
    def clicks(self) -> int:
        """All clicks since the link exists."""
        return sum(entry.clicks for entry in self.days)

    @property
    def unique_clicks(self) -> int:
        """Unique clicks since the link exists."""
        return sum(entry.unique_clicks for entry in self.days)


@dataclass
class VendorAccount:
    """An account. `links` are newest first, and have the links in the trash too."""

    token: str
    picsee_id: int
    email: str
    plan: str
    quota: int
    usage: int
    links: list[VendorLink]
    domains: list[dict[str, object]] = field(default_factory=list)
    tools: dict[str, list[object]] = field(default_factory=dict)
    security_partner: bool = False

    @property
    def advanced(self) -> bool:
        """Whether the plan has the search, edits, a year of details and the audience labels."""
        return self.plan == "advanced"

    @property
    def live(self) -> list[VendorLink]:
        """The links that are not in the trash."""
        return [link for link in self.links if link.deleted_at is None]

    def find(self, encode_id: str) -> VendorLink | None:
        """The link with this slug, unless it is in the trash."""
        return next((link for link in self.live if link.encode_id == encode_id), None)

    def find_anywhere(self, encode_id: str) -> VendorLink | None:
        """The link with this slug, in the trash or not."""
        return next((link for link in self.links if link.encode_id == encode_id), None)

    def tags(self) -> list[str]:
        """Every tag in use, by name."""
        return sorted({tag for link in self.live for tag in link.tags})

    def domain_for(self, wanted: object) -> str:
        """`wanted` where it is the account's, else the default domain, without an error (FOUND)."""
        names = [str(row["domain"]) for row in sorted(self.domains, key=lambda row: not row["isDefault"])]
        return next((name for name in names if name == wanted), names[0])

    def remember(self, utm: Mapping[str, str]) -> None:
        """Stores UTM values for the pickers (DOC)."""
        for key, values in {"source": self.tools["utmSources"], "medium": self.tools["utmMediums"]}.items():
            if key in utm and utm[key] not in values:
                values.append(utm[key])


def seed_accounts(clock: Clock) -> dict[str, VendorAccount]:
    """The team's account on the advanced plan, and one on the basic plan that has the same links.

    A third account is a stranger's. It has one link left of the free plan's 800 a year.
    """
    links = _links(clock.now().astimezone(TAIPEI))
    made = sum(link.is_api for link in links)
    accounts = (
        VendorAccount(
            MAIN_TOKEN, 739, "marketing@example.com", "advanced", 100_000, made, links, security_partner=True
        ),
        VendorAccount(BASIC_TOKEN, 740, "intern@example.com", "basic", 10_000, 13, links),
        VendorAccount(FREE_TOKEN, 741, "stranger@example.org", "free", 800, 799, []),
    )
    for account in accounts:
        account.domains = _domains() if account.links else [{**SHARED_DOMAIN, "isDefault": True}]
        account.tools = _tools()
    return {account.token: account for account in accounts}


def now_in_taipei(clock: Clock) -> datetime:
    """The vendor's wall clock."""
    return clock.now().astimezone(TAIPEI)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TAIPEI)


def _links(now: datetime) -> list[VendorLink]:
    # `now` is in Taipei, so the days and times of the links are too.
    seeds: Sequence[SeedLink] = marketing_links("picsee", LINKS, now)
    return [_link(index, seed) for index, seed in enumerate(seeds)]


def _link(index: int, seed: SeedLink) -> VendorLink:
    by_api = index % 4 != 3  # noqa: PLR2004 - the team's scripts made three of four
    return VendorLink(
        map_id=NEWEST_MAP_ID - index * 17,
        domain=DOMAINS[index % len(DOMAINS)],
        encode_id=seed.slug,
        url=seed.destination,
        title=seed.title,
        tags=list(seed.tags),
        created_at=seed.created_at,
        external_id=EXTERNAL_IDS[index % len(EXTERNAL_IDS)] if by_api else None,
        is_api=by_api,
        is_star=index % 10 == 7,  # noqa: PLR2004 - every tenth, some of them made by hand
        days=seed.days,
    )


def _domains() -> list[dict[str, object]]:
    return [
        {"domain": "go.example.com", "type": "bsd", "https": True, "isDefault": True},
        {"domain": "user739.pse.is", "type": "subdomain", "https": True, "isDefault": False},
        dict(SHARED_DOMAIN),
    ]


def _tools() -> dict[str, list[object]]:
    return {
        "utmSources": ["facebook", "instagram", "newsletter"],
        "utmMediums": ["cpc", "email", "social"],
        "fbPixels": [{"id": "1234567890", "name": "Main"}],
        "gTags": [{"id": "GTM-ABC123", "name": "Site"}],
    }
