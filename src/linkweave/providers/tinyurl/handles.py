"""A link's handle: its domain and its alias, as in `tinyurl.com/promo`. TinyURL has no other id (DOC)."""

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from linkweave.providers.tinyurl.inferred import ALIAS

_DOMAIN: Final = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?")


class Name(NamedTuple):
    """What identifies a link."""

    domain: str
    alias: str

    @property
    def handle(self) -> str:
        """Both in one text, as statistics name a link, too (DOC)."""
        return f"{self.domain}/{self.alias}"

    @property
    def path(self) -> str:
        """The path of the link."""
        return f"/alias/{quote(self.domain, safe='')}/{quote(self.alias, safe='')}"

    @property
    def body(self) -> dict[str, object]:
        """The keys that name the link in a body."""
        return {"domain": self.domain, "alias": self.alias}


def check_domain(text: str) -> str:
    """A domain, in lower case.

    Raises:
        ValueError: it is none.
    """
    if not _DOMAIN.fullmatch(text.lower()):
        raise ValueError("is not a domain")
    return text.lower()


def check_alias(text: str) -> str:
    """An alias.

    Raises:
        ValueError: it is none.
    """
    if not ALIAS.fullmatch(text):
        raise ValueError("is not an alias")
    return text


def parse_name(domain: str, alias: str) -> Name | None:
    """The name with these parts; None where they cannot be those of a link."""
    return Name(domain, alias) if _DOMAIN.fullmatch(domain) and ALIAS.fullmatch(alias) else None


def parse_handle(handle: str) -> Name | None:
    """The name in a handle; None where it cannot be one."""
    domain, _, alias = handle.partition("/")
    return parse_name(domain, alias)
