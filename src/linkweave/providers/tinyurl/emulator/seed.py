"""The marketing team's links, with which the emulator starts."""

from datetime import UTC, datetime, timedelta
from typing import Final

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import SeedLink, marketing_links
from linkweave.providers.tinyurl.emulator.account import Account, Clicks, StoredLink

BRANDED_DOMAIN: Final = "go.tinyurl-demo.example"

_LINKS: Final = 30
_SHARED_EVERY: Final = 5
_BRANDED_EVERY: Final = 3
_ARCHIVED_EVERY: Final = 8
_UNCOUNTED: Final = 7


def seeded(options: EmulatorOptions) -> Account:
    """A user with 30 links on two domains, some of them archived.

    Every fifth leads to the destination of a link at Dub, and the analytics of one are switched off.
    """
    now = options.clock.now()
    others = marketing_links("dub", _LINKS, now)
    seeds = marketing_links("tinyurl", _LINKS, now)
    links = [_link(at, seed, others[at], now) for at, seed in enumerate(seeds)]
    return Account(options, links, {"tinyurl.com", BRANDED_DOMAIN})


def _link(at: int, seed: SeedLink, other: SeedLink, now: datetime) -> StoredLink:
    end = datetime(now.year + 1, 6, 30, 23, 59, 59, tzinfo=UTC)
    return StoredLink(
        domain=BRANDED_DOMAIN if at % _BRANDED_EVERY == 1 else "tinyurl.com",
        alias=seed.slug,
        url=other.destination if at % _SHARED_EVERY == 0 else seed.destination,
        # A few minutes apart from all other vendors' links.
        created_at=seed.created_at - timedelta(minutes=7),
        description="Shown at the booth" if at % 6 == 2 else None,  # noqa: PLR2004 - made up
        tags=list(seed.tags),
        expires_at=end if at % 9 == 4 else None,  # noqa: PLR2004 - made up
        archived=at % _ARCHIVED_EVERY == 5,  # noqa: PLR2004 - made up
        counts_clicks=at != _UNCOUNTED,
        days={
            entry.day: Clicks(entry.clicks, entry.unique_clicks, entry.clicks - entry.clicks // 6)
            for entry in seed.days
            if entry.clicks
        },
    )
