"""`action=edit`: one group of parameters a call, with the statuses and texts of the document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from starlette.responses import Response

from linkweave.providers.cuttly.emulator.answers import bare_text
from linkweave.providers.cuttly.emulator.links import Expiry, ShortLink, parse_date
from linkweave.providers.cuttly.emulator.shortening import wrong_alias
from linkweave.providers.cuttly.emulator.team import Team, is_url

OK: Final = 1
NOT_SAVED: Final = 2
UNKNOWN: Final = 3
INVALID_URL: Final = 4

_MOBILES: Final = frozenset({"android", "ios", "windowsMobile", "redirect"})
_VARIATIONS: Final = MappingProxyType({"0": "", "1": "b", "2": "bc"})
_UNIQUE_MINUTES: Final = range(15, 1441)
_PERCENT: Final = range(101)
_LONGEST_NUMBER: Final = 15
_YES: Final = "1"

# A status, or the whole answer where the document has a text for it.
Outcome: TypeAlias = int | Response


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be changed on which link, by whom (`single`: a subscription below Team); POST brings a `form`."""

    team: Team
    link: ShortLink
    query: Mapping[str, str]
    form: Mapping[str, str]
    single: bool = False


def edit(asked: Asked) -> Outcome:
    """Change the link by the one group that is in the query."""
    groups = [name for name in _GROUPS if name in asked.query]
    return _GROUPS[groups[0]](asked) if len(groups) == 1 else NOT_SAVED


def _tag(asked: Asked) -> Outcome:
    asked.link.tag = asked.query["tag"]
    return OK


def _name(asked: Asked) -> Outcome:
    alias = asked.query["name"]
    refused = wrong_alias(asked.team, asked.link.domain, alias)
    if refused is not None:
        return refused
    asked.team.remove(asked.link)
    asked.link.seed = replace(asked.link.seed, slug=alias)
    asked.team.links[asked.link.name] = asked.link
    return OK


def _source(asked: Asked) -> Outcome:
    if not is_url(asked.query["source"]):
        return INVALID_URL
    asked.link.seed = replace(asked.link.seed, destination=asked.query["source"])
    return OK


def _title(asked: Asked) -> Outcome:
    asked.link.seed, asked.link.titled = replace(asked.link.seed, title=asked.query["title"]), True
    return OK


def _unique(asked: Asked) -> Outcome:
    minutes = _count(asked.query["unique"])
    if minutes not in {0, 1} and minutes not in _UNIQUE_MINUTES:
        return bare_text("Unique time must be between 15 - 1440 minutes")
    if asked.single and minutes in _UNIQUE_MINUTES:
        return bare_text("Insufficient subscription level")
    asked.link.unique_minutes = minutes or 0
    return OK


def _delete(asked: Asked) -> Outcome:
    if asked.query["delete"] != _YES:
        return NOT_SAVED
    asked.team.remove(asked.link)
    return OK


def _mobile(asked: Asked) -> Outcome:
    word, destination = asked.query["mobile"], asked.query.get("destination")
    if word not in _MOBILES:
        return NOT_SAVED
    if destination is None:
        asked.link.mobile.pop(word, None)
        return OK
    if not is_url(destination):
        return INVALID_URL
    asked.link.mobile[word] = destination
    return OK


def _abtest(asked: Asked) -> Outcome:
    letters = _VARIATIONS.get(asked.query["abtest"])
    if letters is None:
        return NOT_SAVED
    chances = [_count(asked.query.get(f"abtest_{letter}", "")) for letter in letters]
    destinations = [asked.query.get(f"abtest_{letter}variation", "") for letter in letters]
    known = [chance for chance in chances if chance is not None]
    if len(known) < len(chances) or sum(known) not in _PERCENT or not all(is_url(each) for each in destinations):
        return NOT_SAVED
    asked.link.variations = tuple(zip(known, destinations, strict=True))
    return OK


def _expire(asked: Asked) -> Outcome:
    by_date, said = asked.query["expire"] == "1", asked.query.get("expireCond", "")
    if said == "0":
        asked.link.expiry = None
        return OK
    condition = parse_date(said) if by_date else _count(said)
    redirect = asked.query.get("expireRedirect", "")
    if asked.query["expire"] not in {"0", "1"} or condition is None or not is_url(redirect):
        return NOT_SAVED
    asked.link.expiry = Expiry(condition, redirect, asked.query.get("expireUnique") == _YES)
    return OK


def _password(asked: Asked) -> Outcome:
    """DOC: by POST as form-data, so that it is in no URL; blank removes it."""
    if asked.query["password"] != _YES or "password" not in asked.form:
        return NOT_SAVED
    asked.link.password = asked.form["password"] or None
    return OK


_GROUPS: Final[Mapping[str, Callable[[Asked], Outcome]]] = MappingProxyType(
    {
        "tag": _tag,
        "name": _name,
        "source": _source,
        "unique": _unique,
        "delete": _delete,
        "title": _title,
        "mobile": _mobile,
        "abtest": _abtest,
        "expire": _expire,
        "password": _password,
    }
)


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
