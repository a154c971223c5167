"""One vocabulary for breakdowns: vendors' names of countries, referrers and devices become the same keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from linkweave.models import Dimension, RawBucket

DIRECT: Final = "direct"
OTHER: Final = "other"
UNKNOWN: Final = "unknown"

# Seen in vendors' answers besides their documented words; compared in lower case.
_OTHER_WORDS: Final = frozenset({"other", "others", "rest"})
_UNKNOWN_WORDS: Final = frozenset({"", "-", "unknown", "undefined", "null", "n/a", "(not set)"})
_DIRECT_WORDS: Final = frozenset({"direct", "(direct)", "none", "(none)", "no referrer"})

_LOWER_CASE: Final = frozenset(
    {Dimension.DEVICE, Dimension.OS, Dimension.BROWSER, Dimension.BRAND, Dimension.BOT, Dimension.SOCIAL},
)

# English names in use that are not CLDR's.
_COUNTRY_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "usa": "US",
        "united states of america": "US",
        "uk": "GB",
        "great britain": "GB",
        "south korea": "KR",
        "korea, republic of": "KR",
        "russian federation": "RU",
        "viet nam": "VN",
        "czech republic": "CZ",
        "taiwan, province of china": "TW",
        "hong kong": "HK",
        "macao": "MO",
        "macau": "MO",
    },
)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One row of a breakdown under a normalised key, with a label for people."""

    key: str
    label: str
    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest buckets, and all others in one."""

    dimension: Dimension
    buckets: tuple[Bucket, ...]
    remainder: Bucket | None


def break_down(dimension: Dimension, rows: Iterable[RawBucket], first: int) -> Breakdown:
    """`rows` of any number of vendors, normalised, added up per key, largest first, cut after `first`."""
    merged: dict[str, Bucket] = {}
    for row in rows:
        bucket = normalise(dimension, row)
        known = merged.get(bucket.key)
        merged[bucket.key] = bucket if known is None else _sum(known, bucket)
    ranked = sorted(merged.values(), key=_rank)
    rest = ranked[first:]
    remainder = None
    if rest:
        remainder = Bucket(OTHER, "All others")
        for bucket in rest:
            remainder = _sum(remainder, bucket)
    return Breakdown(dimension, tuple(ranked[:first]), remainder)


def normalise(dimension: Dimension, row: RawBucket) -> Bucket:
    """`row` under the key that every vendor's name of the same thing gets; its own name where none is known."""
    key, label = _key(dimension, row)
    return Bucket(key, label, row.clicks, row.unique_clicks)


def add(left: int | None, right: int | None) -> int | None:
    """The sum of what is known; None where neither is."""
    if left is None or right is None:
        return right if left is None else left
    return left + right


def _key(dimension: Dimension, row: RawBucket) -> tuple[str, str]:
    name = row.name.strip()
    folded = name.casefold()
    if folded in _UNKNOWN_WORDS:
        return UNKNOWN, "Unknown"
    if folded in _OTHER_WORDS:
        return OTHER, "Other"
    if dimension is Dimension.COUNTRY:
        return _country(name, row.code)
    if dimension is Dimension.REFERRER:
        return _referrer(name)
    if dimension is Dimension.LANGUAGE:
        return _language(name)
    return (folded if dimension in _LOWER_CASE else name), name


def _country(name: str, code: str | None) -> tuple[str, str]:
    territories = _territories()
    for candidate in (code or "", name):
        if candidate.upper() in territories:
            return candidate.upper(), territories[candidate.upper()]
    found = _country_codes().get(name.casefold())
    return (name, name) if found is None else (found, territories[found])


def _referrer(name: str) -> tuple[str, str]:
    if name.casefold() in _DIRECT_WORDS:
        return DIRECT, "Direct"
    try:
        host = urlsplit(name if "//" in name else f"//{name}").hostname or name
    except ValueError:
        host = name
    host = host.casefold().removeprefix("www.")
    return host, host


def _language(name: str) -> tuple[str, str]:
    try:
        locale = Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError, TypeError):
        return name, name
    key = "-".join(part for part in (locale.language, locale.script, locale.territory) if part)
    # Babel fills in a script for zh-TW and the like; a tag stays as short as it came.
    if locale.script and locale.script.casefold() not in name.casefold():
        key = "-".join(part for part in (locale.language, locale.territory) if part)
    return key, locale.get_display_name("en") or name


def _sum(left: Bucket, right: Bucket) -> Bucket:
    return Bucket(
        left.key,
        left.label,
        add(left.clicks, right.clicks),
        add(left.unique_clicks, right.unique_clicks),
    )


def _rank(bucket: Bucket) -> tuple[int, int, str]:
    return -(bucket.clicks or 0), -(bucket.unique_clicks or 0), bucket.key


@cache
def _territories() -> Mapping[str, str]:
    names = Locale("en").territories
    return MappingProxyType({code: name for code, name in names.items() if len(code) == 2 and code.isalpha()})  # noqa: PLR2004 - alpha-2


@cache
def _country_codes() -> Mapping[str, str]:
    by_name = {name.casefold(): code for code, name in _territories().items()}
    return MappingProxyType({**by_name, **_COUNTRY_ALIASES})
