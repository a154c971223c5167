"""The short URLs of the marketing team, with which the emulator starts."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import SeedLink, marketing_links
from linkweave.providers.shlink.emulator.server import Server, ShortUrl, Visit

CUSTOM_DOMAIN: Final = "s.shlink-demo.example"
TWIN_CODE: Final = "coats"
"""A code that exists on both domains, with another destination on each."""

_LINKS: Final = 148
_SHARED_EVERY: Final = 7
_COUNTRIES: Final = (("TW", "Taiwan"), ("US", "United States"), ("JP", "Japan"), ("TW", "Taiwan"), None)
_REFERERS: Final = ("https://www.instagram.com/p/1", "", "https://www.google.com/", None, "https://t.co/x")
_AGENTS: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15",
)
_BOT_EVERY: Final = 9
# Each visit is an object: with all clicks, the emulator would take longer to start than all others together.
_VISIT_EVERY: Final = 4


def seeded(options: EmulatorOptions) -> Server:
    """A server with 150 short URLs. Every seventh leads to the destination of a link at ShortenWorld."""
    now = options.clock.now()
    seeds, others = marketing_links("shlink", _LINKS, now), marketing_links("shortenworld", _LINKS, now)
    visits = _visits_by_link(now.replace(second=0, microsecond=0), now.utcoffset())
    made = [_short_url(index, seed, others[index], visits[index]) for index, seed in enumerate(seeds)]
    old = now - timedelta(days=120)
    twins = [
        ShortUrl(TWIN_CODE, f"https://www.example.com/twin/{domain or 'default'}", old, domain, "Coats", ["print"])
        for domain in (None, CUSTOM_DOMAIN)
    ]
    return Server(options.clock, [*twins, *reversed(made)], [CUSTOM_DOMAIN])


# Cached as the links are: it would take half of the time in which a sandbox starts.
@lru_cache(maxsize=4)
def _visits_by_link(now: datetime, _offset: timedelta | None) -> tuple[tuple[Visit, ...], ...]:
    return tuple(_visits(seed, now) for seed in marketing_links("shlink", _LINKS, now))


def _short_url(index: int, seed: SeedLink, other: SeedLink, visits: tuple[Visit, ...]) -> ShortUrl:
    return ShortUrl(
        code=seed.slug,
        long_url=other.destination if index % _SHARED_EVERY == 0 else seed.destination,
        created=seed.created_at,
        domain=CUSTOM_DOMAIN if index % 4 == 2 else None,  # noqa: PLR2004 - a quarter of them
        title=seed.title if index % 6 else None,
        tags=[*seed.tags],
        valid_until="2027-06-30T23:59:59+01:00" if index % 12 == 5 else None,  # noqa: PLR2004 - some of them
        max_visits=5_000 if index % 15 == 8 else None,  # noqa: PLR2004 - some of them
        visits=[*visits],
    )


def _visits(seed: SeedLink, now: datetime) -> tuple[Visit, ...]:
    """A part of the clicks of each day, evenly over the time in which the link existed; some are of bots."""
    visits: list[Visit] = []
    for entry in seed.days:
        midnight = datetime.combine(entry.day, time(0), UTC)
        start, end = max(midnight, seed.created_at), min(midnight + timedelta(days=1), now)
        if start >= end:
            continue
        count = entry.clicks // _VISIT_EVERY
        step = (end - start) / (count + 1)
        visits += [_visit(start + step * place, place) for place in range(1, count + 1)]
    return tuple(visits)


def _visit(at: datetime, place: int) -> Visit:
    pick = at.day + place
    return Visit(
        at.replace(microsecond=0),
        _REFERERS[pick % len(_REFERERS)],
        _AGENTS[pick % len(_AGENTS)],
        _COUNTRIES[pick % len(_COUNTRIES)],
        is_bot=pick % _BOT_EVERY == 0,
    )
