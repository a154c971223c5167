"""Countries by any vendor's name: their ISO 3166-1 alpha-2 codes, and CLDR's English names as labels."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from babel import Locale

# Two-letter codes that CLDR has names for, and that are no countries.
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})

# Maximum length of a name. The longest name in use has about 60 letters; longer text would only cost time.
_MAX_NAME: Final = 100

# English names in use that _fold() and _short() do not turn into CLDR's names.
_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "usa": "US",
        "united states of america": "US",
        "uk": "GB",
        "great britain": "GB",
        "united kingdom of great britain and northern ireland": "GB",
        "korea": "KR",
        "korea, republic of": "KR",
        "korea (republic of)": "KR",
        "republic of korea": "KR",
        "korea, democratic people's republic of": "KP",
        "democratic people's republic of korea": "KP",
        "russian federation": "RU",
        "viet nam": "VN",
        "czech republic": "CZ",
        "turkey": "TR",
        "holland": "NL",
        "hong kong": "HK",
        "macao": "MO",
        "macau": "MO",
        "ivory coast": "CI",
        "burma": "MM",
        "macedonia": "MK",
        "swaziland": "SZ",
        "east timor": "TL",
        "cabo verde": "CV",
        "brunei darussalam": "BN",
        "lao people's democratic republic": "LA",
        "syrian arab republic": "SY",
        "palestine": "PS",
        "vatican": "VA",
        "holy see": "VA",
        "congo": "CG",
        "congo, republic of the": "CG",
        "republic of the congo": "CG",
        "congo, democratic republic of the": "CD",
        "congo, the democratic republic of the": "CD",
        "democratic republic of the congo": "CD",
        "virgin islands, british": "VG",
        "virgin islands, u.s.": "VI",
    },
)


def find_country(name: str, code: str | None) -> tuple[str, str] | None:
    """Returns the alpha-2 code and the English name of a country, by its code or else by its name; None if unknown."""
    known = _names()
    if len(name) > _MAX_NAME:
        return None
    for candidate in (code or "", name):
        upper = candidate.strip().upper()
        if candidate.isascii() and upper in known:
            return upper, known[upper]
    folded, by_name = _fold(name), _codes()
    found = _ALIASES.get(folded) or by_name.get(folded) or by_name.get(_short(folded))
    return None if found is None else (found, known[found])


def _fold(name: str) -> str:
    """Returns `name` without the accents, signs and small words in which spellings differ."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).casefold().replace("&", " and ")
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = " ".join(letters.split()).removeprefix("the ")
    return re.sub(r"^(saint|st) ", "st. ", words)


def _short(folded: str) -> str:
    """Returns `folded` without brackets and without what follows a comma: "iran, islamic republic of"."""
    return re.sub(r" ?\([^()]*\)|,.*", "", folded)


@cache
def _names() -> Mapping[str, str]:
    names = {str(code): str(name) for code, name in Locale("en").territories.items()}
    countries = (code for code in names if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRIES)
    return MappingProxyType({code: names[code] for code in countries})


@cache
def _codes() -> Mapping[str, str]:
    folded = {_fold(name): code for code, name in _names().items()}
    return MappingProxyType({**{_short(name): code for name, code in folded.items()}, **folded})
