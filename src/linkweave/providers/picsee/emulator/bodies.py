"""Reads and checks request bodies. Lengths, words and the codes of most refusals are FOUND."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from json import JSONDecodeError
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.requests import Request

from linkweave.providers.picsee.emulator.query import parse_wall_time
from linkweave.providers.picsee.emulator.responses import RefusedError
from linkweave.providers.picsee.emulator.state import VendorAccount

Body: TypeAlias = Mapping[str, object]
Check: TypeAlias = Callable[[object], bool]

MAX_TAGS: Final = 3
MAX_URL: Final = 2048
UTM_KEYS: Final = frozenset({"source", "medium", "campaign", "term", "content"})
TARGETS: Final = frozenset(
    {
        *("ios_android", "ios", "ios_store", "ios_line", "ios_safari", "android", "android_store", "android_fb"),
        *("pc_mac", "pc", "mac", "facebook", "twitter"),
    }
)
# The fields that an edit clears on null.
CLEARABLE: Final = frozenset({"fbPixel", "gTag", "utm", "expireTime"})

BAD_URL: Final = "PUB01001"
BAD_IMAGE: Final = "PUB00512"
BAD_EXPIRY: Final = "PUB00509"
TOO_MANY_TAGS: Final = "PUB00513"

_SLUG: Final = re.compile(r"[A-Za-z0-9_\-\u4e00-\u9fff]{3,90}")


async def json_object(request: Request) -> Body:
    """The body as an object; an empty body is an empty object.

    Raises:
        RefusedError: the body is no JSON object.
    """
    try:
        body = await request.json() if await request.body() else {}
    except JSONDecodeError:
        raise RefusedError(400, "the body must be JSON") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "the body must be an object")
    return body


def check_new(body: Body, account: VendorAccount) -> None:
    """Checks the body of Create: every field but `url` is optional.

    Raises:
        RefusedError: a field is missing or wrong.
    """
    if "url" not in body:
        raise RefusedError(400, "url is required", BAD_URL)
    _check(body, _link_checks(account))


def check_edit(body: Body, account: VendorAccount, now: datetime) -> None:
    """Checks the body of Edit: every field is optional.

    Raises:
        RefusedError: a field is wrong.
    """
    expiry = (lambda value: _is_future(value, now), BAD_EXPIRY)
    given = {key: value for key, value in body.items() if value is not None or key not in CLEARABLE}
    _check(given, {**_link_checks(account), "expireTime": expiry})


def check_report(body: Body) -> None:
    """Checks an abuse report (DOC).

    Raises:
        RefusedError: a field is missing or wrong.
    """
    if "url" not in body:
        raise RefusedError(400, "url is required", BAD_URL)
    notes = {key: (_text(1, MAX_URL), None) for key in ("attack_type", "description", "target_brand")}
    _check(body, {**notes, "url": (_is_url, BAD_URL), "date": (_is_day, None), "screenshot_url": (_is_url, None)})


def strings(value: object) -> Iterator[tuple[str, str]]:
    """The entries of an object whose values are text."""
    for key, text in value.items() if isinstance(value, dict) else ():
        if isinstance(text, str):
            yield key, text


def _link_checks(account: VendorAccount) -> Mapping[str, tuple[Check, str | None]]:
    return {
        "url": (_is_url, BAD_URL),
        "encodeId": (lambda value: isinstance(value, str) and _SLUG.fullmatch(value) is not None, None),
        "domain": (lambda value: isinstance(value, str), None),
        "externalId": (_text(1, 100), None),
        "title": (_text(3, 300), None),
        "description": (_text(3, 300), None),
        "imageUrl": (_is_url, BAD_IMAGE),
        "tags": (_are_tags, TOO_MANY_TAGS),
        "targets": (_are_targets, None),
        # Only pixels and tag managers that were saved in the dashboard are valid.
        "fbPixel": (_saved(account, "fbPixels"), None),
        "gTag": (_saved(account, "gTags"), None),
        "utm": (_is_utm, None),
    }


def _check(body: Body, checks: Mapping[str, tuple[Check, str | None]]) -> None:
    for key, (passes, code) in checks.items():
        if key in body and not passes(body[key]):
            raise RefusedError(400, f"{key} is not as it should be", code)


def _text(least: int, most: int) -> Check:
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def _is_url(value: object) -> bool:
    if not isinstance(value, str) or len(value) > MAX_URL:
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and parse_wall_time(f"{value}T00:00:00") is not None


def _is_future(value: object, now: datetime) -> bool:
    moment = parse_wall_time(value) if isinstance(value, str) else None
    return moment is not None and moment > now


def _are_tags(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MAX_TAGS and all(isinstance(tag, str) for tag in value)


def _are_targets(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and each.get("target") in TARGETS and _is_url(each.get("url")) for each in value
    )


def _saved(account: VendorAccount, kind: str) -> Check:
    return lambda value: any(isinstance(tool, dict) and tool["id"] == value for tool in account.tools[kind])


def _is_utm(value: object) -> bool:
    return isinstance(value, dict) and set(value) <= UTM_KEYS and len(list(strings(value))) == len(value)
