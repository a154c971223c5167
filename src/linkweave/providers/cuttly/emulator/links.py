"""The links of the emulated team."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from linkweave.providers.emulator_seed import SeedLink, marketing_links, total

DEMO_DOMAIN: Final = "go.brand-demo.example"

_COUNT: Final = 15
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# The first link is new and has no clicks.
_UNCLICKED: Final = 0
# Every third link is on the team's own domain, the others on cutt.ly.
_ON_OWN_DOMAIN: Final = 1
# One in seven has no title.
_UNTITLED: Final = 3

# Links with names that are easy to remember, such as https://cutt.ly/spring-sale, by their place in the list.
_NAMED: Final[Mapping[int, tuple[str, str, str]]] = MappingProxyType(
    {
        6: ("spring-sale", "Spring sale – Instagram", "https://www.example.com/spring-sale?ref=instagram"),
        7: ("spring", "Spring sale – e-mail", "https://www.example.com/spring-sale?ref=e-mail"),
        8: ("lookbook", "Summer lookbook – Facebook", "https://www.example.com/lookbook/summer?ref=facebook"),
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days of the wanted statistics; None is open."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Expiry:
    """The number of clicks or the day after which a link redirects elsewhere."""

    condition: int | date
    redirect: str
    unique: bool


@dataclass(slots=True)
class ShortLink:
    """A short link and its settings. `style` chooses the shapes of the answers about it."""

    domain: str
    seed: SeedLink
    style: int
    titled: bool = True
    header: str | None = None
    public: bool = False
    tag: str | None = None
    unique_minutes: int = 0
    mobile: dict[str, str] = field(default_factory=dict)
    variations: tuple[tuple[int, str], ...] = ()
    expiry: Expiry | None = None
    password: str | None = None

    @property
    def name(self) -> str:
        """The short URL without its scheme; a TRAI header is appended (DOC)."""
        return "/".join(part for part in (self.domain, self.seed.slug, self.header) if part)

    def clicks(self, period: Period) -> int:
        """The clicks of people in `period`."""
        return total(self.seed.between(period.start, period.end))


def seeded_links(now: datetime) -> dict[str, ShortLink]:
    """The team's links by `host/alias`."""
    links = {}
    for place, seed in enumerate(marketing_links("cuttly", _COUNT, now)):
        domain = DEMO_DOMAIN if place % 3 == _ON_OWN_DOMAIN else "cutt.ly"
        link = ShortLink(domain, _named(seed, place), place, titled=place % 7 != _UNTITLED)
        links[link.name] = link
    return links


def parse_date(text: str) -> date | None:
    """A date as YYYY-MM-DD; None for everything else."""
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _named(seed: SeedLink, place: int) -> SeedLink:
    if place == _UNCLICKED:
        return replace(seed, days=())
    if place not in _NAMED:
        return seed
    slug, title, destination = _NAMED[place]
    return replace(seed, slug=slug, title=title, destination=destination)
