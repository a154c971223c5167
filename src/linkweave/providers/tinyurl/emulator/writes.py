"""Creates, changes, archives and deletes one link. Bulk jobs use the same functions."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from linkweave.providers.tinyurl.emulator.account import SHARED_DOMAINS, Account, StoredLink, moment_of, refused

_MAX_ALIAS: Final = 30
_MIN_SHARED_ALIAS: Final = 5
_MAX_TAG: Final = 45

Write: TypeAlias = Callable[[Account, Mapping[str, Any]], dict[str, object]]


def create(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """POST /create."""
    link = StoredLink(given.get("domain") or "tinyurl.com", "", _url(given), account.clock.now())
    alias = given.get("alias") or f"auto{len(account.links):04d}"
    _put(account, link, link.domain, alias)
    link.tags, link.description = _tags(given.get("tags") or []), given.get("description")
    _expire(link, given.get("expires_at"))
    return link.to_json(with_url=True)


def update(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """PATCH /update. The answer has no destination."""
    link = _named(account, given)
    if "new_tags" in given:
        link.tags = _tags(given["new_tags"])
    if "new_expires_at" in given:
        _expire(link, given["new_expires_at"])
    link.description = given.get("new_description", link.description)
    link.counts_clicks = given.get("new_stats", link.counts_clicks)
    place = (given.get("new_domain", link.domain), given.get("new_alias", link.alias))
    if place != (link.domain, link.alias):
        before = (link.domain, link.alias)
        _put(account, link, *place)
        del account.links[before]
    return link.to_json(with_url=False)


def change(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """PATCH /change. The answer has nothing but the destination."""
    link = _named(account, given)
    link.url = _url(given)
    return {"url": link.url}


def toggle(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """PATCH /archive. A second call takes the link back."""
    link = _named(account, given)
    link.archived = not link.archived
    return link.to_json(with_url=False)


def archive(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """The operation of a job."""
    link = _named(account, given)
    link.archived = True
    return link.to_json(with_url=False)


def unarchive(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """The operation of a job."""
    link = _named(account, given)
    link.archived = False
    return link.to_json(with_url=False)


def delete(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """DELETE /alias/…."""
    link = _named(account, given)
    del account.links[link.domain, link.alias]
    return link.to_json(with_url=True, deleted=True)


def set_status(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """PATCH /analytics/status."""
    link = _named(account, given)
    link.counts_clicks = given.get("enabled") is True
    return link.to_json(with_url=False)


def set_sharing(account: Account, given: Mapping[str, Any]) -> dict[str, object]:
    """PATCH /analytics/sharing."""
    link = _named(account, given)
    link.is_public = given.get("public") is True
    return link.to_json(with_url=False)


def _named(account: Account, given: Mapping[str, Any]) -> StoredLink:
    for name in ("domain", "alias"):
        if not given.get(name):
            raise refused(5, f"The {name} field is required.")
    return account.find(given["domain"], given["alias"])


def _url(given: Mapping[str, Any]) -> str:
    if not given.get("url"):
        raise refused(5, "The URL field is required.")
    parts = urlsplit(str(given["url"]))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise refused(5, "The url is invalid.")
    return str(given["url"])


def _put(account: Account, link: StoredLink, domain: str, alias: str) -> None:
    if domain not in account.domains | SHARED_DOMAINS:
        raise refused(5, "The domain is invalid.")
    if len(alias) > _MAX_ALIAS:
        raise refused(5, "Alias field is too long")
    if domain in SHARED_DOMAINS and len(alias) < _MIN_SHARED_ALIAS:
        raise refused(5, "Alias field is too short")
    if (domain, alias) in account.links:
        raise refused(5, "Alias is not available.")
    link.domain, link.alias = domain, alias
    account.links[domain, alias] = link


def _tags(tags: object) -> list[str]:
    if not isinstance(tags, list) or any(not isinstance(tag, str) or len(tag) > _MAX_TAG for tag in tags):
        raise refused(5, "The tags field is invalid.")
    return [str(tag) for tag in tags]


def _expire(link: StoredLink, moment: object) -> None:
    link.expires_at = None if moment is None else moment_of(moment, "expires_at")
