"""How a link is named: by its short URL without the scheme, `host/alias`."""

import re

# The alias keeps its case, the host has none; nothing in either may end the URL early or hide in a log.
_CANONICAL = re.compile(r"[^\s/?#@A-Z\x00-\x1f]+(?:/[^\s/?#\x00-\x1f]+)+")


def handle_for(domain: str, slug: str) -> str | None:
    """The one spelling of the handle of https://`domain`/`slug`; None where that cannot be a short link."""
    handle = f"{domain.strip().lower()}/{slug.strip('/')}"
    return handle if is_handle(handle) else None


def is_handle(handle: str) -> bool:
    """Whether `handle` is spelled as this adapter spells them."""
    return _CANONICAL.fullmatch(handle) is not None


def split(handle: str) -> tuple[str, str]:
    """Domain and slug of a handle."""
    domain, _, slug = handle.partition("/")
    return domain, slug
