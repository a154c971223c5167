"""The marketing team's links, with which the emulator starts."""

from collections import Counter
from datetime import date, datetime
from typing import Final

from linkweave.providers.bitly.emulator.access import Access
from linkweave.providers.bitly.emulator.store import HASH_DOMAIN, BackHalf, Group, PlanTerms, StoredLink, User
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import SeedLink, marketing_links

TOKEN: Final = "sandbox-bitly-token"  # noqa: S105 - made up
FREE_TOKEN: Final = "sandbox-bitly-free-token"  # noqa: S105 - made up
MAIN_GROUP: Final = "Bmain000001"
OTHER_GROUP: Final = "Bother00001"
FREE_GROUP: Final = "Bfree000001"
CUSTOM_DOMAIN: Final = "go.bitly-demo.example"
OTHER_DOMAIN: Final = "team.bitly-demo.example"

PREMIUM: Final = ("premium", 100_000, 3_000, 365, True)
FREE: Final = ("free", 1_000, 5, 30, False)

_LINKS: Final = 140
_OTHER_LINKS: Final = 6
_SHARED_EVERY: Final = 7
_BACK_HALF_EVERY: Final = 5
_CUSTOM_EVERY: Final = 3


def seeded(options: EmulatorOptions, count: int = _LINKS) -> Access:
    """A user of a paid plan with two groups, of which one has `count` links, and a user of the free plan."""
    now = options.clock.now()
    others = marketing_links("cuttly", count, now)
    links = [_link(at, seed, others[at]) for at, seed in enumerate(marketing_links("bitly", count, now))]
    main = Group(MAIN_GROUP, "Brand team", (CUSTOM_DOMAIN,), links)
    other = Group(OTHER_GROUP, "Personal", (OTHER_DOMAIN,), _plain("other-bitly", now))
    free = Group(FREE_GROUP, "Personal", (), _plain("free-bitly", now))
    paying = User(options.clock, "brandteam", PlanTerms(*PREMIUM), (main, other), OTHER_GROUP)
    paying.send = options.send
    trying = User(options.clock, "trial", PlanTerms(*FREE), (free,), FREE_GROUP)
    trying.encodes[trying.month()] = trying.plan.encodes
    return Access(options, {TOKEN: paying, FREE_TOKEN: trying})


def _plain(salt: str, now: datetime) -> list[StoredLink]:
    return [
        StoredLink(f"{HASH_DOMAIN}/3{salt[0]}{seed.slug}", seed.destination, seed.created_at, "trial", days=_days(seed))
        for seed in marketing_links(salt, _OTHER_LINKS, now)
    ]


def _link(at: int, seed: SeedLink, other: SeedLink) -> StoredLink:
    """A link of the main group. Every seventh leads to the destination of a link at Cutt.ly.

    Names, and not links, have clicks. Two hashes differ by their case alone, and one title has a control character.
    """
    domain = CUSTOM_DOMAIN if at % _CUSTOM_EVERY == 1 else HASH_DOMAIN
    link = StoredLink(
        id=f"{domain}/4{seed.slug}",
        long_url=other.destination if at % _SHARED_EVERY == 0 else seed.destination,
        created_at=seed.created_at,
        created_by="brandteam" if at % 4 else "agency",
        title=None if at % 9 == 8 else seed.title,  # noqa: PLR2004 - made up
        tags=list(seed.tags),
        archived=at % 20 == 9,  # noqa: PLR2004 - made up
        expiration_at=f"{seed.created_at.year + 1}-06-30T22:00:00+0000" if at % 16 == 6 else None,  # noqa: PLR2004 - made up
        days=_days(seed),
    )
    if at == 2:  # noqa: PLR2004 - made up
        link.title = "Spring\x07 sale"
    if at in {3, 6}:
        link.id = f"{HASH_DOMAIN}/{'4CaSe9' if at == 3 else '4cAsE9'}"  # noqa: PLR2004 - made up
    if at % _BACK_HALF_EVERY == 0:
        count = 2 if at == 2 * _BACK_HALF_EVERY else 1
        link.back_halves = [BackHalf(f"{CUSTOM_DOMAIN}/promo-{at}-{n}", _share_of(seed, n + 2)) for n in range(count)]
        link.is_edited = True
    return link


def _days(seed: SeedLink) -> Counter[date]:
    return Counter({entry.day: entry.clicks for entry in seed.days})


def _share_of(seed: SeedLink, part: int) -> Counter[date]:
    return Counter({entry.day: entry.clicks // part for entry in seed.days})
