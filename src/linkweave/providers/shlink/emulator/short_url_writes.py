"""Creates, changes and deletes short URLs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from linkweave.providers.emulator_kit import json_object
from linkweave.providers.shlink.emulator.problems import invalid_data, problem
from linkweave.providers.shlink.emulator.server import DEFAULT_DOMAIN, Server, ShortUrl
from linkweave.providers.shlink.emulator.short_urls import named

DELETE_THRESHOLD: Final = 15
"""A short URL with more visits is not deleted, where the server has the threshold on."""

_KEYS: Final = {"longUrl": "long_url", "title": "title", "crawlable": "crawlable", "forwardQuery": "forward_query"}
_DATES: Final = {"validSince": "valid_since", "validUntil": "valid_until"}


async def create(server: Server, request: Request) -> object:
    """POST /short-urls. An existing one that has all that is given will do, where that is asked for."""
    given = await _body(request)
    if "longUrl" not in given:
        raise invalid_data("longUrl")
    domain = given.get("domain")
    domain = None if domain in (None, DEFAULT_DOMAIN) else str(domain)
    new = ShortUrl(str(given.get("customSlug") or ""), "", server.clock.now(), domain)
    _apply(new, given)
    if given.get("findIfExists"):
        for each in server.short_urls:
            if _fits(each, new, given):
                return each.to_json()
    if any((each.code, each.domain) == (new.code, domain) for each in server.short_urls):
        own = {"customSlug": new.code, **({} if domain is None else {"domain": domain})}
        detail = f'Provided slug "{new.code}" is already in use.'
        raise problem(400, "non-unique-slug", "Invalid custom slug", detail, **own)
    new.code = new.code or server.new_code()
    if domain is not None and domain not in server.domains:
        server.domains.append(domain)
    server.short_urls.append(new)
    return new.to_json()


async def update(server: Server, request: Request) -> object:
    """PATCH /short-urls/{shortCode}. Only the given elements change; null clears one."""
    short_url = named(server, request)
    _apply(short_url, await _body(request))
    return short_url.to_json()


async def delete(server: Server, request: Request) -> object:
    """DELETE /short-urls/{shortCode}."""
    short_url = named(server, request)
    if len(short_url.visits) > DELETE_THRESHOLD and server.has_threshold:
        detail = f'Impossible to delete short URL with short code "{short_url.code}", since it has too many visits.'
        more = {"shortCode": short_url.code, "threshold": DELETE_THRESHOLD}
        raise problem(422, "invalid-short-url-deletion", "Cannot delete short URL", detail, **more)
    server.short_urls.remove(short_url)
    return None


async def _body(request: Request) -> dict[str, Any]:
    given = await json_object(request)
    if given is None:
        raise problem(400, "invalid-data", "Invalid data", "Provided body is not valid")
    return given


def _apply(short_url: ShortUrl, given: Mapping[str, Any]) -> None:
    wrong = [name for name in given if not _is_valid(name, given[name])]
    if wrong:
        raise invalid_data(*wrong)
    for name, own in {**_KEYS, **_DATES}.items():
        if name in given:
            setattr(short_url, own, given[name])
    if "maxVisits" in given:
        short_url.max_visits = given["maxVisits"]
    if "tags" in given:
        short_url.tags = list(dict.fromkeys(given["tags"]))


def _is_valid(name: str, value: Any) -> bool:
    if name == "longUrl":
        return isinstance(value, str) and bool(urlsplit(value).scheme) and bool(urlsplit(value).netloc)
    if name == "tags":
        return isinstance(value, list) and all(isinstance(tag, str) and tag for tag in value)
    if value is None:
        return True
    if name in _DATES:
        return _has_offset(value)
    if name == "maxVisits":
        return isinstance(value, int) and value >= 1
    return name != "customSlug" or (isinstance(value, str) and bool(value) and " " not in value)


def _has_offset(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _fits(each: ShortUrl, new: ShortUrl, given: Mapping[str, Any]) -> bool:
    """Whether an existing short URL has everything that was given."""
    same = (each.long_url, each.domain) == (new.long_url, new.domain)
    own = {"customSlug": each.code, "title": each.title, "validUntil": each.valid_until, "maxVisits": each.max_visits}
    return (
        same
        and all(given.get(name) in (None, value) for name, value in own.items())
        and sorted(given.get("tags") or each.tags) == sorted(each.tags)
    )
