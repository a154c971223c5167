"""How a link of tiny.cc is named: a hash may exist on several domains, so both are the name."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote

from linkweave.providers.tinycc.inferred import MAX_HASHES_CHARACTERS, MAX_SLUG_CHARACTERS

GROUP_LIMIT: Final = 1_000
"""Most hashes of one call, else error 1221. DOC"""

Item = TypeVar("Item")

_MAX_DOMAIN_CHARACTERS: Final = 253
_SEPARATOR_CHARACTERS: Final = len("%2C")


@dataclass(frozen=True, slots=True)
class LinkName:
    """A domain in lower case and in its ASCII form, and a hash exactly as the vendor spells it."""

    domain: str
    slug: str

    def __str__(self) -> str:
        """The handle: "domain/hash"."""
        return f"{self.domain}/{self.slug}"

    @classmethod
    def of(cls, domain: str, slug: str) -> "LinkName | None":
        """The name of the link behind https://`domain`/`slug`; None where no link can have it.

        A comma separates hashes in a call, and dots alone would climb up the path of one.
        """
        name = cls(ascii_domain(domain), slug)
        possible = slug.strip(".") and slug.isprintable() and "," not in slug and len(slug) <= MAX_SLUG_CHARACTERS
        return name if possible and name.domain.isascii() and name.domain.isprintable() and name.domain else None

    @classmethod
    def parse(cls, handle: str) -> "LinkName | None":
        """The name in a handle; None for what is no handle of ours."""
        domain, _, slug = handle.partition("/")
        return cls.of(domain, slug)


def ascii_domain(name: str) -> str:
    """`name` in the one spelling that is used here: the vendor keeps to RFC 3490 (DOC), so ASCII, in lower case."""
    lower = name.strip().rstrip(".").lower()
    if lower.isascii() or len(lower) > _MAX_DOMAIN_CHARACTERS:
        return lower
    try:
        return lower.encode("idna").decode("ascii")
    except UnicodeError:
        return lower


def groups(names: Iterable[LinkName]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each domain with hashes for one call, every name once, in as few groups as the vendor allows."""
    for group in grouped(dict.fromkeys(names), lambda name: name):
        yield group[0].domain, tuple(name.slug for name in group)


def grouped(items: Iterable[Item], name_of: Callable[[Item], LinkName]) -> Iterator[tuple[Item, ...]]:
    """`items` in groups that one call can name: of one domain, as many as the vendor and a URL hold."""
    by_domain: dict[str, list[Item]] = {}
    for item in items:
        by_domain.setdefault(name_of(item).domain, []).append(item)
    for group in by_domain.values():
        yield from _chunks(group, name_of)


def _chunks(items: Iterable[Item], name_of: Callable[[Item], LinkName]) -> Iterator[tuple[Item, ...]]:
    chunk: list[Item] = []
    length = 0
    for item in items:
        size = len(quote(name_of(item).slug, safe="")) + _SEPARATOR_CHARACTERS
        if chunk and (len(chunk) == GROUP_LIMIT or length + size > MAX_HASHES_CHARACTERS):
            yield tuple(chunk)
            chunk, length = [], 0
        chunk.append(item)
        length += size
    yield tuple(chunk)
