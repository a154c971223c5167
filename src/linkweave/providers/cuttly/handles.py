"""Handles of links: the short URL without its scheme, `host/alias`."""

import re
from typing import Final

# The alias keeps its case, and the host has none. No character may end the URL early or be invisible in a log.
_CANONICAL: Final = re.compile(r"[^\s/?#@A-Z\x00-\x1f]+(?:/[^\s/?#\x00-\x1f]+)+")


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
