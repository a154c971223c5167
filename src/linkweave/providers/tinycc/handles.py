"""The name of a link: its domain and its hash, because two domains may have the same hash."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote

from linkweave.providers.tinycc.inferred import MAX_HASHES_CHARACTERS, MAX_SLUG_CHARACTERS
from linkweave.transport.call import Pairs

GROUP_LIMIT: Final = 1_000
"""Maximum number of hashes of one call, else error 1221. DOC"""

Item = TypeVar("Item")

_MAX_DOMAIN_CHARACTERS: Final = 253
_DOT_SEGMENTS: Final = frozenset({".", ".."})
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
        """The name of the link behind https://`domain`/`slug`; None where no link can have it."""
        name = cls(ascii_domain(domain), slug)
        possible = slug and slug.isprintable() and len(slug) <= MAX_SLUG_CHARACTERS
        return name if possible and name.domain.isascii() and name.domain.isprintable() and name.domain else None

    @classmethod
    def parse(cls, handle: str) -> "LinkName | None":
        """The name in a handle; None for any other text."""
        domain, _, slug = handle.partition("/")
        return cls.of(domain, slug)

    @property
    def fits_into_list(self) -> bool:
        """Whether a list of hashes can name the link: a comma separates hashes there."""
        return "," not in self.slug

    @property
    def fits_into_path(self) -> bool:
        """Whether a path can name the link: dots alone would lead to the parent of a path."""
        return _DOT_SEGMENTS.isdisjoint(self.slug.split("/"))

    def path(self, resource: str) -> str:
        """The path of the link below a resource such as "/urls"."""
        return f"{resource}/{quote(self.slug, safe='')}"


def ascii_domain(name: str) -> str:
    """`name` in the one spelling that this adapter uses: ASCII as in RFC 3490 (DOC), in lower case."""
    lower = name.strip().rstrip(".").lower()
    if lower.isascii() or len(lower) > _MAX_DOMAIN_CHARACTERS:
        return lower
    try:
        return lower.encode("idna").decode("ascii")
    except UnicodeError:
        return lower


def joined_hashes(names: Iterable[LinkName]) -> str:
    """The value of the parameter `hashes`."""
    return ",".join(name.slug for name in names)


def name_call(resource: str, names: Sequence[LinkName]) -> tuple[str, Pairs]:
    """The path and the query that name the links of one group."""
    query = (("domain", names[0].domain),)
    if len(names) == 1 and names[0].fits_into_path:
        return names[0].path(resource), query
    return resource, (*query, ("hashes", joined_hashes(names)))


def name_groups(names: Iterable[LinkName]) -> Iterator[tuple[LinkName, ...]]:
    """`names`, each once, in as few groups as the vendor allows."""
    return grouped(dict.fromkeys(names), lambda name: name)


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
        if not name_of(item).fits_into_list:
            yield (item,)
            continue
        size = len(quote(name_of(item).slug, safe="")) + _SEPARATOR_CHARACTERS
        if chunk and (len(chunk) == GROUP_LIMIT or length + size > MAX_HASHES_CHARACTERS):
            yield tuple(chunk)
            chunk, length = [], 0
        chunk.append(item)
        length += size
    if chunk:
        yield tuple(chunk)
