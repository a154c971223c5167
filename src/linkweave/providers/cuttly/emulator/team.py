"""The domains and links of the emulated team, and the rules for writing them."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from random import Random
from typing import Final
from urllib.parse import urlsplit

from linkweave.clock import Clock
from linkweave.providers.cuttly.emulator.links import DEMO_DOMAIN, ShortLink, seeded_links
from linkweave.providers.emulator_seed import SeedLink

CUTTLY: Final = "cutt.ly"
GENERIC_DOMAIN: Final = "2s.ms"

# The document mentions illegal characters in an alias and does not name them.
_ALIAS: Final = re.compile(r"[\w-]+")
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"


class Team:
    """One team's links by `host/alias`."""

    def __init__(self, clock: Clock) -> None:
        self.links: dict[str, ShortLink] = seeded_links(clock.now())
        self._clock = clock
        self._styles = count(len(self.links))
        self._aliases = _aliases()

    def find(self, short_url: str) -> ShortLink | None:
        """The link of a short URL in any spelling."""
        host, _, path = short_url.removeprefix("https://").removeprefix("http://").partition("/")
        return self.links.get(f"{host.lower()}/{path.rstrip('/')}")

    def owns(self, domain: str) -> bool:
        """Whether links may be made on `domain`."""
        return domain in {CUTTLY, DEMO_DOMAIN}

    def free_alias(self) -> str:
        """An alias that no link has."""
        return next(self._aliases)

    def takes(self, domain: str, alias: str) -> bool:
        """Whether a link on this domain has this alias, under any header."""
        return any((link.domain, link.seed.slug) == (domain, alias) for link in self.links.values())

    def add(self, domain: str, header: str | None, alias: str, destination: str, title: str | None) -> ShortLink:
        """Creates a link without clicks; without a title where `title` is None."""
        seed = SeedLink(alias, title or "", destination, (), self._now(), ())
        link = ShortLink(domain, seed, next(self._styles), titled=title is not None, header=header)
        self.links[link.name] = link
        return link

    def remove(self, link: ShortLink) -> None:
        """Deletes a link; its alias is free again."""
        del self.links[link.name]

    def _now(self) -> datetime:
        return self._clock.now().replace(microsecond=0)


def is_alias(text: str) -> bool:
    """Whether `text` has only characters of an alias."""
    return _ALIAS.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Whether `text` can be a destination."""
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme in {"http", "https"} and "." in url.netloc and not re.search(r"\s", text)


def is_short_url(text: str) -> bool:
    """Whether `text` is on a domain that Cutt.ly shortens for."""
    return urlsplit(text).netloc.lower() in {CUTTLY, GENERIC_DOMAIN, DEMO_DOMAIN}


def _aliases() -> Iterator[str]:
    dice = Random("linkweave cuttly aliases")  # noqa: S311 - made-up data, not a secret
    while True:
        yield "".join(dice.choices(_LETTERS, k=7))
