"""Short URLs of vendors that put slugs into them as they are.

In a URL `?`, `#`, blanks, commas and dots alone mean something else.
"""

import re
from typing import Final
from urllib.parse import quote

_ODD: Final = re.compile(r"[?#, \\\"<>^`{|}]|%(?![0-9A-Fa-f]{2})")
# What nearly all slugs are. MEASURED: lists have thousands, and the other way takes five times as long.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+")
_DOT_SEGMENTS: Final = frozenset({".", ".."})


def escaped_slug(slug: str) -> str:
    """The slug as the end of a URL. Its slashes stay, and so do letters of any language."""
    if _PLAIN.fullmatch(slug):
        return slug
    return "/".join(_escaped_segment(segment) for segment in slug.split("/"))


def escaped_short_url(short_url: str, slug: str) -> str:
    """`short_url`, at whose end the vendor may have put `slug` as it is, with this slug escaped."""
    return short_url.removesuffix(slug) + escaped_slug(slug) if short_url.endswith(f"/{slug}") else short_url


def escaped_blanks(short_url: object) -> object:
    """A short URL of a vendor without blanks around it or in it. Anything else stays as it is."""
    return short_url.strip().replace(" ", "%20") if isinstance(short_url, str) else short_url


def _escaped_segment(segment: str) -> str:
    if segment in _DOT_SEGMENTS:
        return segment.replace(".", "%2E")
    return _ODD.sub(lambda odd: quote(odd[0], safe=""), segment)
