"""Reads the body of a create or an update into what is stored."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from linkweave.providers.emulator_kit import json_object
from linkweave.providers.shortio.emulator.store import (
    SMALL_PLAN_KEY,
    Store,
    StoredDomain,
    StoredLink,
    iso,
    refused_create,
)

_STORED: Final = frozenset(
    (
        *("originalURL", "title", "tags", "expiresAt", "expiredURL", "ttl", "clicksLimit", "password"),
        *("passwordContact", "cloaking", "redirectType", "iphoneURL", "androidURL", "splitURL", "splitPercent"),
        *("utmSource", "utmMedium", "utmCampaign", "utmTerm", "utmContent", "skipQS", "archived"),
    )
)
_ALLOWED: Final = _STORED | {"path", "folderId", "allowDuplicates", "createdAt", "integration", "domain"}
_URLS: Final = ("originalURL", "expiredURL", "iphoneURL", "androidURL", "splitURL")
_PAID: Final = ("password", "cloaking", "splitURL")
_PATH: Final = re.compile(r"[^\s?#]{0,500}")
_REDIRECTS: Final = frozenset({301, 302, 307, 308})


async def body_of(request: Request) -> dict[str, Any]:
    """The object in the body."""
    given = await json_object(request)
    if given is None:
        raise refused_create(400, "Invalid JSON")
    return given


def make_link(
    store: Store, request: Request, domain: StoredDomain, given: Mapping[str, Any]
) -> tuple[StoredLink, bool]:
    """The link that a body asks for, and whether it is an existing one."""
    values = _checked(request, given)
    if not values.get("originalURL"):
        raise refused_create(400, "originalURL is required", field="originalURL")
    path = given.get("path")
    if path is None:
        same = None if given.get("allowDuplicates") else _same(store, domain, values["originalURL"])
        if same is not None:
            return same, True
    else:
        taken = store.at(domain, _path(path))
        if taken is not None and taken.fields["originalURL"] == values["originalURL"]:
            return taken, True
        if taken is not None:
            raise refused_create(409, "Link already exists", field="path")
    if len(store.links) >= store.max_links:
        raise refused_create(402, "You have reached the links limit of your plan")
    link_id, now = store.new_id(), store.clock.now()
    own = f"k{link_id[-6:]}" if path is None else _path(path)
    link = StoredLink(link_id, domain, own, now, now, fields=values)
    store.links.append(link)
    return link, False


def change_link(store: Store, request: Request, link: StoredLink, given: Mapping[str, Any]) -> None:
    """Store the keys of a body. An absent key stays, and null clears (INFERRED)."""
    values = _checked(request, given)
    if "domain" in given or "folderId" in given or values.get("originalURL", "x") is None:
        raise refused_create(400, "a value cannot be changed")
    if given.get("path") is not None:
        path = _path(given["path"])
        other = store.at(link.domain, path)
        if other is not None and other is not link:
            raise refused_create(409, "Link already exists", field="path", linkId=other.id)
        link.path = path
    link.fields |= values
    link.updated_at = store.clock.now()


def _checked(request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
    """The keys to store."""
    unknown = given.keys() - _ALLOWED
    if unknown:
        raise refused_create(400, f"body must NOT have additional properties: {min(unknown)}")
    for name in _URLS:
        if given.get(name) is not None and not _is_url(given[name]):
            raise refused_create(400, f"{name} is not a valid URL", field=name)
    _check_numbers(given)
    if request.headers.get("authorization") == SMALL_PLAN_KEY and any(given.get(name) for name in _PAID):
        raise refused_create(402, "This feature is not available on your plan")
    values = {name: given[name] for name in _STORED if name in given}
    if values.get("expiresAt") is not None:
        values["expiresAt"] = _moment(values["expiresAt"])
    if "tags" in values:
        values["tags"] = list(values["tags"] or ())
    return values


def _check_numbers(given: Mapping[str, Any]) -> None:
    percent, limit, redirect = given.get("splitPercent"), given.get("clicksLimit"), given.get("redirectType")
    if percent is not None and not (isinstance(percent, int) and 1 <= percent <= 100):  # noqa: PLR2004 - DOC
        raise refused_create(400, "splitPercent must be between 1 and 100", field="splitPercent")
    if limit is not None and not (isinstance(limit, int) and limit >= 1):
        raise refused_create(400, "clicksLimit must be at least 1", field="clicksLimit")
    if redirect is not None and redirect not in _REDIRECTS:
        raise refused_create(400, "redirectType is not allowed", field="redirectType")


def _moment(value: object) -> str:
    try:
        if isinstance(value, int):
            return iso(datetime.fromtimestamp(value / 1_000, UTC))
        return iso(datetime.fromisoformat(str(value)))
    except (ValueError, OverflowError):
        raise refused_create(400, "expiresAt is not a date", field="expiresAt") from None


def _path(value: object) -> str:
    if not isinstance(value, str) or not _PATH.fullmatch(value):
        raise refused_create(400, "path is not allowed", field="path")
    return value.strip("/")


def _is_url(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(urlsplit(value).hostname)
    except ValueError:
        return False


def _same(store: Store, domain: StoredDomain, url: str) -> StoredLink | None:
    """The link of the domain to the same destination."""
    return next((link for link in store.links if link.domain is domain and link.fields["originalURL"] == url), None)
