"""Made-up data of one marketing team, the same on every run, with which emulators start."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

DAYS: Final = 60

CAMPAIGNS: Final = (
    ("Spring sale", "spring-sale", ("sale", "spring")),
    ("Summer lookbook", "lookbook/summer", ("lookbook", "summer")),
    ("Autumn collection", "collections/autumn", ("launch", "autumn")),
    ("Black Friday", "black-friday", ("sale", "black-friday")),
    ("Newsletter", "newsletter", ("newsletter", "email")),
    ("Webinar: selling on social", "webinars/social", ("webinar", "social")),
    ("Partner programme", "partners", ("partner",)),
    ("Gift guide", "gift-guide", ("sale", "gifts")),
    ("Store opening Taipei", "stores/taipei", ("stores", "apac")),
    ("Podcast", "podcast", ("podcast", "audio")),
    ("Careers", "careers", ("hiring",)),
    ("Loyalty card", "loyalty", ("loyalty", "crm")),
)
CHANNELS: Final = ("Instagram", "Facebook", "LinkedIn", "e-mail", "LINE", "poster", "TikTok", "partner blog")

COUNTRIES: Final = {"TW": 34, "US": 21, "JP": 12, "DE": 9, "GB": 7, "PL": 6, "IN": 5, "BR": 3, "FR": 3}
REFERRERS: Final = {
    "direct": 30,
    "instagram.com": 22,
    "facebook.com": 16,
    "google.com": 12,
    "linkedin.com": 8,
    "chatgpt.com": 5,
    "news.ycombinator.com": 4,
    "blog.example.com": 3,
}
DEVICES: Final = {"Mobile": 61, "Desktop": 31, "Tablet": 8}
SYSTEMS: Final = {"iOS": 35, "Android": 29, "Windows": 21, "macOS": 11, "Linux": 4}
BROWSERS: Final = {"Chrome": 44, "Safari": 33, "Firefox": 9, "Edge": 9, "Instagram": 5}
BRANDS: Final = {"Apple": 43, "Samsung": 21, "Xiaomi": 9, "Google": 7, "Other": 20}
LANGUAGES: Final = {"zh-TW": 33, "en": 36, "ja": 12, "de": 9, "pl": 6, "pt-BR": 4}
BOTS: Final = {"Googlebot": 55, "bingbot": 25, "Twitterbot": 20}


@dataclass(frozen=True, slots=True)
class SeedDay:
    """The clicks of a link on one day of the vendor's own calendar."""

    day: date
    clicks: int
    unique_clicks: int


@dataclass(frozen=True, slots=True)
class SeedLink:
    """A link of the marketing team. `days` has one entry for each of the last 60 days on which it existed."""

    slug: str
    title: str
    destination: str
    tags: tuple[str, ...]
    created_at: datetime
    days: tuple[SeedDay, ...]

    def between(self, start: date | None, end: date | None) -> tuple[SeedDay, ...]:
        """The days from `start` to `end`, both included; None is open."""
        return tuple(
            entry for entry in self.days if (start is None or entry.day >= start) and (end is None or entry.day <= end)
        )

    @property
    def clicks(self) -> int:
        """All clicks of the link."""
        return sum(entry.clicks for entry in self.days)

    @property
    def unique_clicks(self) -> int:
        """All unique clicks of the link."""
        return sum(entry.unique_clicks for entry in self.days)


def marketing_links(salt: str, count: int, now: datetime) -> tuple[SeedLink, ...]:
    """`count` links, newest first, made over the 90 days before the minute of `now`; each `salt` has its own."""
    return _marketing_links(salt, count, now.replace(second=0, microsecond=0), now.utcoffset())


def share(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`total` divided by weight into whole numbers that add up to it."""
    whole = sum(weights.values())
    parts = {name: total * weight // whole for name, weight in weights.items()}
    rest = total - sum(parts.values())
    by_remainder = sorted(weights, key=lambda name: (-(total * weights[name] % whole), name))
    for name in by_remainder[:rest]:
        parts[name] += 1
    return {name: number for name, number in parts.items() if number}


def total(days: Sequence[SeedDay]) -> int:
    """Clicks of several days."""
    return sum(entry.clicks for entry in days)


def total_unique(days: Sequence[SeedDay]) -> int:
    """Unique clicks of several days."""
    return sum(entry.unique_clicks for entry in days)


# Cached, because tests start many emulators within the same minute. There is room for all vendors: in less, each would
# take another's place. The offset is part of the key: the days of equal moments in different zones differ.
@lru_cache(maxsize=64)
def _marketing_links(salt: str, count: int, now: datetime, _offset: timedelta | None) -> tuple[SeedLink, ...]:
    return tuple(_link(salt, index, count, now) for index in range(count))


def _link(salt: str, index: int, count: int, now: datetime) -> SeedLink:
    # Each link has a generator of its own: its number of days depends on the time of day, and must not change the next.
    rng = random.Random(f"linkweave {salt} {index}")  # noqa: S311 - made-up data, not a secret
    name, path, tags = CAMPAIGNS[rng.randrange(len(CAMPAIGNS))]
    channel = CHANNELS[rng.randrange(len(CHANNELS))]
    # The first link is a few hours old and the last about 90 days, evenly, so that order is unambiguous.
    age = timedelta(hours=3) + index * timedelta(days=90) / max(1, count)
    created = (now - age).replace(microsecond=0)
    slug = f"{salt[0]}{index:02x}{rng.choice('bcdfghjkmnpqrstvwxyz')}{rng.randrange(10, 99)}"
    first_day = max(created.date(), (now - timedelta(days=DAYS - 1)).date())
    days = tuple(_day(rng, first_day + timedelta(days=offset)) for offset in range((now.date() - first_day).days + 1))
    return SeedLink(
        slug=slug,
        title=f"{name} – {channel}",
        destination=f"https://www.example.com/{path}?ref={channel.lower().replace(' ', '-')}-{index}",
        tags=tags,
        created_at=created,
        days=days,
    )


def _day(rng: random.Random, day: date) -> SeedDay:
    weekend = day.weekday() >= 5  # noqa: PLR2004 - Saturday is 5
    clicks = rng.randrange(0, 9 if weekend else 23)
    return SeedDay(day, clicks, clicks - rng.randrange(0, clicks // 3 + 1))
