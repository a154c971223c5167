"""The text that a search in the catalog looks at."""

from typing import Final

from linkweave.models import Link

# Between two parts, so that no search finds text that begins in one part and ends in the next.
_SEPARATOR: Final = "\x1f"


def search_key(link: Link) -> str:
    """Returns slug, title, note and destination of `link` in folded case, as one text."""
    return _SEPARATOR.join(part.casefold() for part in (link.slug, link.title, link.note, link.destination) if part)


def search_pattern(search: str) -> str | None:
    """Returns the SQL pattern of keys that contain `search`; None if no key can. A backslash escapes its wildcards."""
    if _SEPARATOR in search:
        return None
    folded = search.casefold()
    for wildcard in ("\\", "%", "_"):
        folded = folded.replace(wildcard, f"\\{wildcard}")
    return f"%{folded}%"
