"""The field of an input that a refusal of PicSee is about, and what PicSee allows there.

PicSee's messages are not shown, because they may quote the input. Only the name of a field is read from them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class WireField:
    """A field of PicSee's bodies: its name in the gateway's inputs, and what PicSee allows (FOUND)."""

    name: str
    allowed: str


_FIELDS: Final = MappingProxyType(
    {
        "url": WireField("destination", "a web address of at most 2,048 characters"),
        "encodeId": WireField("slug", "3 to 90 letters of the alphabet, digits, _ and -, or Chinese characters"),
        "domain": WireField("domain", "a domain of the account"),
        "externalId": WireField("external_id", "1 to 100 characters"),
        "title": WireField("title", "3 to 300 characters"),
        "description": WireField("preview", "3 to 300 characters in the description"),
        "imageUrl": WireField("preview", "the web address of an image"),
        "tags": WireField("tags", "at most 3 tags"),
        "targets": WireField("device_targets", "known platforms with web addresses"),
        "fbPixel": WireField("pixel", "a pixel that is saved in PicSee's dashboard"),
        "gTag": WireField("tag_manager", "a container that is saved in PicSee's dashboard"),
        "utm": WireField("utm", "source, medium, campaign, term and content as text"),
        "expireTime": WireField("expiry", "a day in the future"),
    }
)
_WORD: Final = re.compile(r"[A-Za-z]+")
_MAX_MESSAGE: Final = 500
"""Maximum number of characters of a message that are searched."""


def refused_field(data: object) -> WireField | None:
    """The field that the message of a refusal names; None where it names none or several."""
    error = data.get("error") if isinstance(data, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    words: Iterable[str] = _WORD.findall(message[:_MAX_MESSAGE]) if isinstance(message, str) else ()
    found = _FIELDS.keys() & set(words)
    return _FIELDS[found.pop()] if len(found) == 1 else None
