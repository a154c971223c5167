"""The links of the marketing team, with which the emulator starts."""

from datetime import datetime, timedelta
from typing import Final

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import marketing_links
from linkweave.providers.yourls.emulator.site import Site, StoredLink

_LINKS: Final = 60
_SHARED_EVERY: Final = 5
# Links that were imported: so many in each of some seconds, long ago.
_IMPORTED: Final = (90, 120, 30)


def seeded(options: EmulatorOptions) -> Site:
    """A site with 300 links. Every fifth of the newest leads to the destination of a link at PicSee."""
    now = options.clock.now()
    others = marketing_links("picsee", _LINKS, now)
    newest = [
        StoredLink(
            seed.slug,
            others[index].destination if index % _SHARED_EVERY == 0 else seed.destination,
            seed.title,
            seed.created_at,
            seed.clicks,
        )
        for index, seed in enumerate(marketing_links("yourls", _LINKS, now))
    ]
    return Site(options.clock, [*_imported(newest[-1]), *reversed(newest)])


def _imported(first: StoredLink) -> list[StoredLink]:
    links: list[StoredLink] = []
    for second, count in enumerate(_IMPORTED):
        moment = first.timestamp - timedelta(days=30) + timedelta(seconds=second)
        links += [_product(number, moment) for number in range(len(links), len(links) + count)]
    return links


def _product(number: int, moment: datetime) -> StoredLink:
    url = f"https://shop.example.com/products/{number}"
    return StoredLink(f"p{number:03}", url, f"Product {number}", moment, number % 7)
