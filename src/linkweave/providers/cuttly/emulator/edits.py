"""`action=edit`: one group of parameters a call, with the statuses and texts of the document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from starlette.responses import Response

from linkweave.providers.cuttly.emulator.links import Expiry, ShortLink, parse_date
from linkweave.providers.cuttly.emulator.responses import bare_text
from linkweave.providers.cuttly.emulator.shorten import wrong_alias
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
class EditRequest:
    """A change of one link. `single` is a subscription below Team; a POST has a `form`."""

    team: Team
    link: ShortLink
    query: Mapping[str, str]
    form: Mapping[str, str]
    single: bool = False


def edit(request: EditRequest) -> Outcome:
    """Changes the link by the one group that is in the query."""
    groups = [name for name in _GROUPS if name in request.query]
    return _GROUPS[groups[0]](request) if len(groups) == 1 else NOT_SAVED


def _tag(request: EditRequest) -> Outcome:
    request.link.tag = request.query["tag"]
    return OK


def _name(request: EditRequest) -> Outcome:
    alias = request.query["name"]
    refused = wrong_alias(request.team, request.link.domain, alias)
    if refused is not None:
        return refused
    request.team.remove(request.link)
    request.link.seed = replace(request.link.seed, slug=alias)
    request.team.links[request.link.name] = request.link
    return OK


def _source(request: EditRequest) -> Outcome:
    if not is_url(request.query["source"]):
        return INVALID_URL
    request.link.seed = replace(request.link.seed, destination=request.query["source"])
    return OK


def _title(request: EditRequest) -> Outcome:
    request.link.seed, request.link.titled = replace(request.link.seed, title=request.query["title"]), True
    return OK


def _unique(request: EditRequest) -> Outcome:
    minutes = _count(request.query["unique"])
    if minutes not in {0, 1} and minutes not in _UNIQUE_MINUTES:
        return bare_text("Unique time must be between 15 - 1440 minutes")
    if request.single and minutes in _UNIQUE_MINUTES:
        return bare_text("Insufficient subscription level")
    request.link.unique_minutes = minutes or 0
    return OK


def _delete(request: EditRequest) -> Outcome:
    if request.query["delete"] != _YES:
        return NOT_SAVED
    request.team.remove(request.link)
    return OK


def _mobile(request: EditRequest) -> Outcome:
    word, destination = request.query["mobile"], request.query.get("destination")
    if word not in _MOBILES:
        return NOT_SAVED
    if destination is None:
        request.link.mobile.pop(word, None)
        return OK
    if not is_url(destination):
        return INVALID_URL
    request.link.mobile[word] = destination
    return OK


def _abtest(request: EditRequest) -> Outcome:
    letters = _VARIATIONS.get(request.query["abtest"])
    if letters is None:
        return NOT_SAVED
    chances = [_count(request.query.get(f"abtest_{letter}", "")) for letter in letters]
    destinations = [request.query.get(f"abtest_{letter}variation", "") for letter in letters]
    known = [chance for chance in chances if chance is not None]
    if len(known) < len(chances) or sum(known) not in _PERCENT or not all(is_url(each) for each in destinations):
        return NOT_SAVED
    request.link.variations = tuple(zip(known, destinations, strict=True))
    return OK


def _expire(request: EditRequest) -> Outcome:
    by_date, condition_text = request.query["expire"] == "1", request.query.get("expireCond", "")
    if condition_text == "0":
        request.link.expiry = None
        return OK
    condition = parse_date(condition_text) if by_date else _count(condition_text)
    redirect = request.query.get("expireRedirect", "")
    if request.query["expire"] not in {"0", "1"} or condition is None or not is_url(redirect):
        return NOT_SAVED
    request.link.expiry = Expiry(condition, redirect, request.query.get("expireUnique") == _YES)
    return OK


def _password(request: EditRequest) -> Outcome:
    """A password comes by POST as form-data, so that it is in no URL. A blank one removes it (both DOC)."""
    if request.query["password"] != _YES or "password" not in request.form:
        return NOT_SAVED
    request.link.password = request.form["password"] or None
    return OK


_GROUPS: Final[Mapping[str, Callable[[EditRequest], Outcome]]] = MappingProxyType(
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
