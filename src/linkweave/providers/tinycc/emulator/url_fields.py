"""The fields of a URL, checked as the vendor does."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.providers.tinycc.emulator.api_request import Item
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import ShortUrl, TinyAccount

NOTE_CHARACTERS: Final = 25

_URL: Final = re.compile(r"https?://([^\s/?#:@]+)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_HASH: Final = re.compile(r"[\w-]{1,25}")
_LONGEST_URL: Final = 2048

Read: TypeAlias = Callable[[object], object]


def checked(account: TinyAccount, item: Item, names: frozenset[str]) -> dict[str, object]:
    """The values of an item for the fields in `names`."""
    values = {name: _READERS[name](item[name]) for name in _READERS if name in names and name in item}
    if "long_url" in values:
        _allow(account, str(values["long_url"]))
    return values


def custom_hash(account: TinyAccount, domain: str, item: Item, own: ShortUrl | None = None) -> str | None:
    """The hash that an item wants, None for any. `own` is the URL that the item is about: it may keep its hash."""
    wanted = item.get("custom_hash")
    if wanted is None:
        return None
    if not isinstance(wanted, str) or not _HASH.fullmatch(wanted):
        raise ApiRefusedError(1218)
    if any(url.hash == wanted and url is not own for url in account.urls_of(domain)):
        raise ApiRefusedError(1215, "That Custom hash is already in use")
    return wanted


def labels(item: Item) -> list[str]:
    """The tags of an item."""
    tags = item.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) and tag.strip() for tag in tags):
        raise ApiRefusedError(1311)
    return tags


def attach(account: TinyAccount, url: ShortUrl, label: str) -> None:
    """Put a tag on a URL; an unknown tag is created."""
    own = account.tag(label)
    if own is None:
        account.tags.append(label)
    if own not in url.tags:
        url.tags.append(own or label)


def detach(account: TinyAccount, url: ShortUrl, label: str) -> None:
    """Remove a tag from a URL."""
    own = account.tag(label)
    url.tags = [tag for tag in url.tags if tag != own]


def _allow(account: TinyAccount, long_url: str) -> None:
    match = _URL.fullmatch(long_url)
    if match is None or len(long_url) > _LONGEST_URL:
        raise ApiRefusedError(1206)
    if match[1].lower() in {domain.domain for domain in account.domains}:
        raise ApiRefusedError(1216)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ApiRefusedError(1305)
    return value


def _note(value: object) -> str:
    return _text(value)[:NOTE_CHARACTERS]


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ApiRefusedError(1305)
    return value


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise ApiRefusedError(1312) from None


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ApiRefusedError(1305)
    return value


_READERS: Final[Mapping[str, Read]] = MappingProxyType(
    {
        "long_url": _text,
        "note": _note,
        "email_stats": _flag,
        "expiration_date": _day,
        "max_clicks": _count,
        "ping": _flag,
        "protected": _flag,
        "archived": _flag,
    },
)
