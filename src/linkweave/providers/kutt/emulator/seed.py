"""The links of the marketing team, with which the emulator starts."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Final

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import SeedLink, marketing_links
from linkweave.providers.kutt.emulator.site import Site, StoredDomain, StoredLink

CUSTOM_DOMAIN: Final = "go.kutt-demo.example"

_LINKS: Final = 130
_SHARED_EVERY: Final = 6
_CUSTOM_EVERY: Final = 4


def seeded(options: EmulatorOptions) -> Site:
    """A site with 130 links. Every sixth leads to the destination of a link at tiny.cc."""
    now = options.clock.now()
    others = marketing_links("tinycc", _LINKS, now)
    links = [_link(index, seed, others[index], now) for index, seed in enumerate(marketing_links("kutt", _LINKS, now))]
    domain = StoredDomain("00000000-0000-4000-8001-000000000001", CUSTOM_DOMAIN, "https://www.example.com", now)
    return Site(options.clock, reversed(links), [domain])


def _link(index: int, seed: SeedLink, other: SeedLink, now: datetime) -> StoredLink:
    return StoredLink(
        id=f"00000000-0000-4000-8000-{index:012d}",
        address=seed.slug,
        target=other.destination if index % _SHARED_EVERY == 0 else seed.destination,
        created_at=seed.created_at,
        description=seed.title if index % 5 else None,
        domain=CUSTOM_DOMAIN if index % _CUSTOM_EVERY == 1 else None,
        password="sesame" if index % 11 == 3 else None,  # noqa: PLR2004 - made up
        expires_at=now.replace(microsecond=0) + timedelta(days=20 + index) if index % 9 == 2 else None,  # noqa: PLR2004
        banned=index == 17,  # noqa: PLR2004
        visits=_visits(index, seed, now),
    )


def _visits(index: int, seed: SeedLink, now: datetime) -> Counter[datetime]:
    """The clicks of each day at two of its hours, from the hour after the link was made until now."""
    visits: Counter[datetime] = Counter()
    for entry in seed.days:
        for hour, count in ((index % 12, entry.clicks // 3), (12 + index % 12, entry.clicks - entry.clicks // 3)):
            moment = datetime.combine(entry.day, time(hour), UTC)
            if count and seed.created_at < moment <= now:
                visits[moment] += count
    return visits
