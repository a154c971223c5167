"""What a site stores."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from linkweave.clock import Clock

SITE: Final = "https://go.coats-demo.example"

_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_NOT_IN_ALPHABET: Final = re.compile(r"[^0-9a-z]")
_RESERVED: Final = frozenset({"admin", "porn"})


@dataclass
class StoredLink:
    """A row of the table of links."""

    keyword: str
    url: str
    title: str
    timestamp: datetime
    clicks: int = 0
    ip: str = "192.0.2.7"

    @property
    def shorturl(self) -> str:
        """The short URL."""
        return f"{SITE}/{self.keyword}"

    @property
    def made(self) -> str:
        """The time in UTC, in whole seconds and without a zone."""
        return self.timestamp.strftime("%Y-%m-%d %H:%M:%S")

    def to_json(self) -> dict[str, object]:
        """The link as `stats` and `url-stats` show it."""
        shown = {"shorturl": self.shorturl, "url": self.url, "title": self.title, "timestamp": self.made}
        return {**shown, "ip": self.ip, "clicks": self.clicks}

    def as_created(self) -> dict[str, object]:
        """The link as `shorturl` shows it."""
        return {"keyword": self.keyword, "url": self.url, "title": self.title, "date": self.made, "ip": self.ip}


class Site:
    """The links of one site, in the order in which they were made."""

    def __init__(self, clock: Clock, links: Iterable[StoredLink]) -> None:
        self.clock = clock
        self.links = {link.keyword: link for link in links}
        self._last_number = 0

    def find(self, name: str) -> StoredLink | None:
        """The link of a slug or of a short URL, which is cleaned first."""
        return self.links.get(clean(name.removeprefix(f"{SITE}/")))

    def find_url(self, url: str) -> StoredLink | None:
        """The link to `url`: there is one at most."""
        return next((link for link in self.links.values() if link.url == url), None)

    def is_taken(self, keyword: str) -> bool:
        """Whether no link can have this slug."""
        return not keyword or keyword in _RESERVED or keyword in self.links

    def next_keyword(self) -> str:
        """The next free number in base 36."""
        while True:
            self._last_number += 1
            if not self.is_taken(keyword := _base36(self._last_number)):
                return keyword

    def newest_first(self, shift: int) -> list[StoredLink]:
        """The links by whole seconds. `shift` stands for the database, which orders those of one second as it likes."""
        rows: list[StoredLink] = []
        ordered = sorted(self.links.values(), key=lambda link: link.made, reverse=True)
        for _, same in groupby(ordered, key=lambda link: link.made):
            group = list(same)
            turn = shift % len(group)
            rows += group[turn:] + group[:turn]
        return rows


def clean(keyword: str) -> str:
    """A slug without the characters that the site does not use: they are dropped and not refused."""
    return _NOT_IN_ALPHABET.sub("", keyword)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _ALPHABET[digit] + digits
    return digits
