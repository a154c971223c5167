"""The marketing team's links, with which the emulator starts."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import SeedLink, marketing_links
from linkweave.providers.shortio.emulator.store import Store, StoredDomain, StoredLink

MAIN_DOMAIN: Final = "go.shortio-demo.example"
SECOND_DOMAIN: Final = "events.shortio-demo.example"
FREE_DOMAIN: Final = "marketing-demo.short.gy"
LINKS: Final = 220

_SHARED_EVERY: Final = 9
# Most links are on the first domain, so that its list fills two pages.
_PLACES: Final = (0, 0, 0, 0, 0, 0, 0, 0, 1, 2)


def seeded(options: EmulatorOptions, count: int = LINKS) -> Store:
    """A user with three domains and `count` links. Every ninth leads to the destination of a link at Rebrandly."""
    now = options.clock.now()
    domains = (
        StoredDomain(123_456, MAIN_DOMAIN, now - timedelta(days=500)),
        StoredDomain(123_457, SECOND_DOMAIN, now - timedelta(days=200), case_sensitive=True),
        StoredDomain(123_458, FREE_DOMAIN, now - timedelta(days=500)),
    )
    others = marketing_links("rebrandly", count, now)
    links = [
        _link(at, seed, others[at], domains[_PLACES[at % len(_PLACES)]], now)
        for at, seed in enumerate(marketing_links("shortio-events", count, now))
    ]
    return Store(options, domains, links, max_links=10_000)


def _link(at: int, seed: SeedLink, other: SeedLink, domain: StoredDomain, now: datetime) -> StoredLink:
    fields: dict[str, Any] = {
        "originalURL": other.destination if at % _SHARED_EVERY == 0 else seed.destination,
        "tags": list(seed.tags),
        "archived": at % 20 == 9,  # noqa: PLR2004 - made up
    }
    if at % 5:
        fields["title"] = seed.title
    if at % 17 == 3:  # noqa: PLR2004 - made up
        fields |= {"password": "sesame"}
    if at % 11 == 2:  # noqa: PLR2004 - made up
        fields |= {"expiresAt": f"{now.year + 1}-06-30T23:59:59.000Z", "expiredURL": "https://www.example.com/over"}
    if at % 13 == 4:  # noqa: PLR2004 - made up
        fields |= {"splitURL": "https://www.example.com/b", "splitPercent": 30}
    if at % 19 == 5:  # noqa: PLR2004 - made up
        fields["iphoneURL"] = "https://apps.example.com/ios"
    humans = Counter({entry.day: entry.clicks for entry in seed.days})
    return StoredLink(
        id=f"lnk_4sGe_{at:08d}",
        domain=domain,
        path=seed.slug,
        created_at=seed.created_at,
        updated_at=seed.created_at,
        source="website" if at % 3 else "api",
        fields=fields,
        humans=humans,
        bots=Counter({day: clicks // 4 for day, clicks in humans.items()}),
    )
