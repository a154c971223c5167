"""Cutt.ly's answers: the document's fields, in the several shapes that PHP gives them.

The shapes depend on the link's `style` only, so that one link always has the same shapes:
- Counts are strings on even styles, and so is the status of an edit.
- Lists are objects keyed "0", "1", … on every third style. What is empty is `[]`.
- `bots` is a list with names, a number, or missing.
- Dates are YYYY-MM-DD or DD.MM.YYYY.
- A new link and the status of an edit are wrapped in `url` on every third style.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from linkweave.providers import emulator_seed as seed
from linkweave.providers.cuttly.emulator.links import Period, ShortLink

_DEVICES: Final = (
    ("geo", seed.COUNTRIES),
    ("dev", seed.DEVICES),
    ("sys", seed.SYSTEMS),
    ("bro", seed.BROWSERS),
    ("brand", seed.BRANDS),
    ("lang", seed.LANGUAGES),
)
_SOCIAL: Final = {"facebook": 16, "twitter": 6, "linkedin": 8, "rest": 70}
_PEOPLE_PER_BOT: Final = 8
_KEYED_LISTS: Final = 1
_WRAPPED: Final = 2
_BOTS_MISSING: Final = 5


def php_json(data: object, status: int = 200, media_type: str = "application/json") -> Response:
    """`data` as PHP's json_encode writes it, slashes escaped."""
    return Response(json.dumps(data).replace("/", "\\/"), status, media_type=media_type)


def refusal(status: int, text: str) -> Response:
    """An error that the document lists with a code."""
    return php_json({"code": status, "error": text}, status)


def bare_text(text: str) -> Response:
    """An error that the document lists without a code: a bare JSON string, and HTTP 200."""
    return php_json(text)


def statistics(link: ShortLink, period: Period) -> dict[str, Any]:
    """The answer about a link that exists, with the clicks of `period`."""
    clicks = link.clicks(period)
    answer: dict[str, Any] = {
        "status": 1,
        "clicks": _number(link, clicks),
        **_identity(link),
        **dict.fromkeys(_SOCIAL, 0),
        **seed.share(clicks, _SOCIAL),
        "refs": {"ref": _rows(link, "link", clicks, seed.REFERRERS)} if clicks else [],
        "devices": {name: _rows(link, "tag", clicks, weights) for name, weights in _DEVICES} if clicks else [],
    }
    if link.style % 7 != _BOTS_MISSING:
        answer["bots"] = _bots(link, clicks // _PEOPLE_PER_BOT)
    return answer


def shortened(link: ShortLink) -> object:
    """The answer to `action=shorten`."""
    return _wrapped(link, {"status": 7, **_identity(link)})


def edited(link: ShortLink, status: int) -> object:
    """The answer to `action=edit`."""
    return _wrapped(link, {"status": _number(link, status)})


def _identity(link: ShortLink) -> dict[str, Any]:
    day = link.seed.created_at.date()
    fields = {
        "date": day.strftime("%d.%m.%Y") if link.style % 2 else day.isoformat(),
        "fullLink": link.seed.destination,
        "shortLink": f"https://{link.name}",
    }
    return {**fields, "title": link.seed.title} if link.titled else fields


def _wrapped(link: ShortLink, answer: dict[str, Any]) -> object:
    return {"url": answer} if link.style % 3 == _WRAPPED else answer


def _bots(link: ShortLink, clicks: int) -> object:
    if link.style % 2:
        return clicks
    return {"bots": _rows(link, "name", clicks, seed.BOTS)} if clicks else []


def _rows(link: ShortLink, key: str, clicks: int, weights: Mapping[str, int]) -> object:
    parts = seed.share(clicks, weights)
    rows = [{key: name, "clicks": _number(link, parts[name])} for name in sorted(parts, key=parts.__getitem__)[::-1]]
    if link.style % 3 == _KEYED_LISTS:
        return {str(place): row for place, row in enumerate(rows)}
    return rows


def _number(link: ShortLink, count: int) -> int | str:
    return count if link.style % 2 else str(count)
