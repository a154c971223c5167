"""Handles of links: the short URL without its scheme and its escapes, `host/alias`."""

import re
from typing import Final

from linkweave.providers.short_urls import escaped_slug

# The alias keeps its case, and the host has none. No character may be invisible in a log.
_CANONICAL: Final = re.compile(r"[^\s/?#@A-Z\x00-\x1f]+(?:/[^/\x00-\x1f\x7f]+)+")


def handle_for(domain: str, slug: str) -> str | None:
    """The one spelling of the handle of https://`domain`/`slug`; None where that cannot be a short link."""
    handle = f"{domain.strip().lower()}/{slug.strip('/')}"
    return handle if is_handle(handle) else None


def is_handle(handle: str) -> bool:
    """Whether `handle` has the one spelling of a handle."""
    return _CANONICAL.fullmatch(handle) is not None


def split_handle(handle: str) -> tuple[str, str]:
    """Domain and slug of a handle."""
    domain, _, slug = handle.partition("/")
    return domain, slug


def short_url_of(handle: str) -> str:
    """The short URL of a handle, with its alias escaped."""
    domain, slug = split_handle(handle)
    return f"https://{domain}/{escaped_slug(slug)}"
