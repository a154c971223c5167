"""One vocabulary for breakdowns: each vendor's name of a country, referrer or device becomes the same key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from linkweave.gather.statistics.countries import find_country
from linkweave.gather.statistics.devices import device_class, system
from linkweave.models import Dimension, RawBucket
from linkweave.models.host_names import host_key

DIRECT: Final = "direct"
OTHER: Final = "other"
UNKNOWN: Final = "unknown"

# Words of vendors' answers, besides those that their documents name. Compared in lower case.
_OTHER_WORDS: Final = frozenset({"other", "others", "rest"})
_UNKNOWN_WORDS: Final = frozenset({"", "-", "unknown", "undefined", "null", "n/a", "(not set)", "und"})
_DIRECT_WORDS: Final = frozenset({"direct", "(direct)", "none", "(none)", "no referrer"})

_LOWER_CASE: Final = frozenset(
    {Dimension.OS, Dimension.BROWSER, Dimension.BRAND, Dimension.BOT, Dimension.SOCIAL},
)

# Codes that mean an unknown country.
_NO_COUNTRY: Final = frozenset({"zz", "xx"})

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9:]([a-z0-9_.:-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Bucket:
    """One row of a breakdown: a normalised key, and a label for people."""

    key: str
    label: str
    clicks: int | None = None
    unique_clicks: int | None = None


def normalise(dimension: Dimension, row: RawBucket) -> Bucket:
    """Returns `row` under the key of every vendor's name of the same thing; under its own name where none is known."""
    key, label = _key(dimension, row)
    return Bucket(key, label, row.clicks, row.unique_clicks)


def add(left: int | None, right: int | None) -> int | None:
    """Returns the sum of two numbers, or the one that is known; None where neither is."""
    if left is None or right is None:
        return right if left is None else left
    return left + right


def _key(dimension: Dimension, row: RawBucket) -> tuple[str, str]:
    name = row.name.strip()
    folded = name.casefold()
    country = find_country(name, row.code) if dimension is Dimension.COUNTRY else None
    if country is not None:
        return country
    if folded in _UNKNOWN_WORDS or (dimension is Dimension.COUNTRY and folded in _NO_COUNTRY):
        return UNKNOWN, "Unknown"
    if folded in _OTHER_WORDS:
        return OTHER, "Other"
    reader = _READERS.get(dimension)
    known = None if reader is None else reader(name)
    return known or ((folded if dimension in _LOWER_CASE else name), name)


def _referrer(name: str) -> tuple[str, str]:
    if name.casefold() in _DIRECT_WORDS:
        return DIRECT, "Direct"
    try:
        host = urlsplit(name if _SCHEME.match(name) else f"//{name}").hostname or ""
    except ValueError:
        host = ""
    key = host_key(host).removeprefix("www.")
    return (key, key) if _HOST.fullmatch(key) else (name.casefold(), name)


def _language(name: str) -> tuple[str, str]:
    try:
        locale = Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError):
        return name, name
    # Babel adds likely subtags, such as the script of zh-TW. Only the subtags of the vendor's tag stay.
    given = set(re.split("[-_]", name.casefold()))
    likely = (locale.script, locale.territory)
    key = "-".join((locale.language, *(part for part in likely if part and part.casefold() in given)))
    return key, locale.get_display_name("en") or name


# Returns the key and the label of a name, or None where the name itself is the key.
_READERS: Final[Mapping[Dimension, Callable[[str], tuple[str, str] | None]]] = MappingProxyType(
    {
        Dimension.REFERRER: _referrer,
        Dimension.LANGUAGE: _language,
        Dimension.DEVICE: device_class,
        Dimension.OS: system,
    }
)
