"""What can be changed: links and domains."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from linkweave.providers.emulator_kit import json_object
from linkweave.providers.kutt.emulator.reads import checked_id
from linkweave.providers.kutt.emulator.site import DEFAULT_DOMAIN, Site, StoredDomain, StoredLink, refused

_SLUG: Final = re.compile(r"[A-Za-z0-9_-]+")
_MAX_SLUG: Final = 64
_MAX_TEXT: Final = 2_040
_PASSWORD: Final = range(3, 65)
_RESERVED: Final = frozenset({"login", "logout", "api", "settings", "stats", "banned", "404"})
_BANNED_HOST: Final = "bad.example.net"
_LOCAL: Final = re.compile(r"(localhost|127\.|10\.|192\.168\.).*")

_DURATION: Final = re.compile(r"(\d+) ?([a-z]*)", re.IGNORECASE)
_UNITS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "": timedelta(milliseconds=1),
        "s": timedelta(seconds=1),
        "m": timedelta(minutes=1),
        "h": timedelta(hours=1),
        "d": timedelta(days=1),
        "day": timedelta(days=1),
        "days": timedelta(days=1),
    }
)


async def create(site: Site, request: Request) -> tuple[int, object]:
    """POST /links."""
    given = await _body(request)
    target, domain = _target(given.get("target")), _domain(site, given.get("domain"))
    address, description, password = _address(given.get("customurl")), _text(given, "description"), _password(given)
    expires_at = _moment(site, given)
    if given.get("reuse") not in (None, True, False):
        raise refused(400, "Reuse must be boolean.")
    if given.get("reuse"):
        for link in site.links:
            if (link.target, link.domain) == (target, domain):
                return 200, link.to_json()
    if address is not None and site.is_taken(address, domain):
        raise refused(500, "Custom URL is already in use.")
    link = StoredLink(
        site.new_id(),
        address or site.new_address(),
        target,
        site.clock.now(),
        description,
        domain,
        password,
        expires_at,
    )
    site.links.append(link)
    return 201, link.to_json(created=True)


async def update(site: Site, request: Request) -> tuple[int, object]:
    """PATCH /links/{id}. Without a password, the link's own is removed; bullets keep it."""
    given, link_id = await _body(request), checked_id(request)
    wanted = {
        "target": _target(given["target"]) if given.get("target") else None,
        "address": _address(given.get("address")),
        "description": _text(given, "description"),
        "expires_at": _moment(site, given),
    }
    password = given.get("password") or None
    keeps = isinstance(password, str) and not password.replace("•", "")
    new_password = None if keeps else _password(given)
    link = site.find(link_id, "Link was not found.")
    given_values = {name: value for name, value in wanted.items() if value is not None}
    changed: dict[str, object] = {name: value for name, value in given_values.items() if value != getattr(link, name)}
    if not keeps and (new_password is not None or link.password is not None):
        changed["password"] = new_password
    if not changed:
        raise refused(500, "Should at least update one field.")
    if "address" in changed and site.is_taken(str(changed["address"]), link.domain):
        raise refused(500, "Custom URL is already in use.")
    for name, value in changed.items():
        setattr(link, name, value)
    link.updated_at = site.clock.now()
    return 200, link.to_json()


async def delete(site: Site, request: Request) -> tuple[int, object]:
    """DELETE /links/{id}."""
    site.links.remove(site.find(checked_id(request), "Could not find the link."))
    return 200, {"message": "Link has been deleted successfully."}


async def add_domain(site: Site, request: Request) -> tuple[int, object]:
    """POST /domains."""
    given = await _body(request)
    address = str(given.get("address"))
    if any(domain.address == address for domain in site.domains):
        raise refused(400, "You can't add this domain.")
    homepage = given.get("homepage") or f"https://{DEFAULT_DOMAIN}"
    domain = StoredDomain(site.new_id(), address, homepage, site.clock.now())
    site.domains.append(domain)
    return 200, domain.to_json()


async def remove_domain(site: Site, request: Request) -> tuple[int, object]:
    """DELETE /domains/{id}; its links stay."""
    site.domains = [domain for domain in site.domains if domain.id != checked_id(request)]
    return 200, {"message": "Domain deleted successfully"}


async def _body(request: Request) -> dict[str, Any]:
    given = await json_object(request)
    if given is None:
        raise refused(400, "An error occurred.")
    return given


def _target(value: object) -> str:
    if value is None or value == "":
        raise refused(400, "Target is missing.")
    if not isinstance(value, str):
        raise refused(400, "Invalid value")
    if len(value) > _MAX_TEXT:
        raise refused(400, f"Maximum URL length is {_MAX_TEXT}.")
    if ":" not in value and "." in value:
        value = f"http://{value}"
    host = urlsplit(value).hostname
    if ":" not in value or (host and _LOCAL.fullmatch(host)):
        raise refused(400, "URL is not valid.")
    if host == DEFAULT_DOMAIN:
        raise refused(400, "HOST URLs are not allowed.")
    if host == _BANNED_HOST:
        raise refused(400, "Domain is banned.")
    return value


def _address(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _MAX_SLUG:
        raise refused(400, "Custom URL length must be between 1 and 64.")
    if not _SLUG.fullmatch(value):
        raise refused(400, "Custom URL is not valid.")
    if value in _RESERVED:
        raise refused(400, "You can't use this custom URL.")
    return value


def _domain(site: Site, value: object) -> str | None:
    if value is None or value == DEFAULT_DOMAIN:
        return None
    if all(domain.address != value for domain in site.domains):
        raise refused(400, "You can't use this domain.")
    return str(value)


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name) or None
    if value is not None and not isinstance(value, str):
        raise refused(400, "Invalid value")
    return value


def _password(given: Mapping[str, Any]) -> str | None:
    value = _text(given, "password")
    if value is not None and len(value) not in _PASSWORD:
        raise refused(400, "Password length must be between 3 and 64.")
    return value


def _moment(site: Site, given: Mapping[str, Any]) -> datetime | None:
    value = _text(given, "expire_in")
    if value is None:
        return None
    duration = _DURATION.fullmatch(value)
    unit = _UNITS.get(duration[2].lower()) if duration else None
    if duration is None or unit is None:
        raise refused(400, "Expire format is invalid. Valid examples: 1m, 8h, 42 days.")
    span = int(duration[1]) * unit
    if span < timedelta(minutes=1):
        raise refused(400, "Expire time should be more than 1 minute.")
    return (site.clock.now() + span).replace(microsecond=0)
