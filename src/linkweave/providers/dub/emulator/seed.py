"""The links of the marketing team, with which the emulator starts."""

from collections import Counter
from datetime import datetime
from typing import Final

from linkweave.providers.dub.emulator.workspace import SHARED_DOMAIN, StoredDomain, StoredLink, StoredTag, Workspace
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import CAMPAIGNS, SeedLink, marketing_links

PRIMARY_DOMAIN: Final = "go.dub-demo.example"
SECOND_DOMAIN: Final = "ad.dub-demo.example"
LINKS: Final = 160
FOLDERS: Final = ("fold_social", "fold_email")

_SHARED_EVERY: Final = 8
_DOMAINS: Final = (PRIMARY_DOMAIN, PRIMARY_DOMAIN, PRIMARY_DOMAIN, SECOND_DOMAIN, SHARED_DOMAIN)
# Most links are in no folder, so that one list fills two pages.
_PLACES: Final = (None, None, None, None, None, None, "fold_social", "fold_email")


def seeded(options: EmulatorOptions, count: int = LINKS) -> Workspace:
    """A workspace with `count` links. Every eighth leads to the destination of a link at PicSee."""
    now = options.clock.now()
    names = dict.fromkeys(name for _, _, tags in CAMPAIGNS for name in tags)
    tags = {name: StoredTag(f"tag_1KA{index:08d}", name) for index, name in enumerate(names)}
    others = marketing_links("picsee", count, now)
    seeds = marketing_links("dub", count, now)
    links = [_link(index, count - index, seed, others[index], tags, now) for index, seed in enumerate(seeds)]
    domains = (StoredDomain(PRIMARY_DOMAIN, primary=True), StoredDomain(SECOND_DOMAIN, primary=False))
    return Workspace(options, reversed(links), tags.values(), FOLDERS, domains)


def _link(
    index: int, number: int, seed: SeedLink, other: SeedLink, tags: dict[str, StoredTag], now: datetime
) -> StoredLink:
    fields: dict[str, object] = {
        "title": seed.title if index % 5 else None,
        "comments": "Printed on the summer poster" if index % 13 == 4 else None,  # noqa: PLR2004 - made up
        "externalId": f"crm-{index}" if index % 7 == 1 else None,
        "archived": index % 20 == 9,  # noqa: PLR2004 - made up
        "password": "sesame" if index % 17 == 3 else None,  # noqa: PLR2004 - made up
        "ios": "https://apps.example.com/ios" if index % 19 == 5 else None,  # noqa: PLR2004 - made up
    }
    if index % 11 == 2:  # noqa: PLR2004 - made up
        fields |= {"expiresAt": f"{now.year + 1}-06-30T23:59:59.000Z", "expiredUrl": "https://www.example.com/over"}
    return StoredLink(
        # Ids sort by age, as those of Dub do.
        id=f"link_1KA{number:08d}",
        domain=_DOMAINS[index % len(_DOMAINS)],
        key=seed.slug,
        url=other.destination if index % _SHARED_EVERY == 0 else seed.destination,
        created_at=seed.created_at,
        fields=fields,
        tags=[tags[name] for name in seed.tags],
        folder_id=_PLACES[index % len(_PLACES)],
        days=Counter({entry.day: entry.clicks for entry in seed.days}),
    )
