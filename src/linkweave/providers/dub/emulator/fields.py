"""Reads the body of a link's create or update into what is stored."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from linkweave.providers.dub.emulator.workspace import SHARED_DOMAIN, StoredLink, StoredTag, Workspace, refused

_UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_PLAIN: Final = (
    *("title", "comments", "externalId", "password", "archived", "expiresAt", "expiredUrl", "ios", "android"),
    *("description", "trackConversion", "testVariants"),
)
_MAX_KEY: Final = 190
_RESERVED: Final = frozenset({"admin", "api"})


def new_link(workspace: Workspace, given: Mapping[str, Any]) -> StoredLink:
    """The link that a body asks for; it is not stored yet."""
    primary = next((each.slug for each in workspace.domains if each.primary), SHARED_DOMAIN)
    domain = str(given.get("domain") or primary).lower()
    if domain != SHARED_DOMAIN and all(each.slug != domain for each in workspace.domains):
        raise refused("forbidden", "Domain does not belong to workspace.")
    link_id = workspace.new_id("link")
    key = _key(workspace, domain, given.get("key") or f"k{link_id[-7:]}", None)
    if not given.get("url"):
        raise refused("bad_request", "Missing destination url.")
    link = StoredLink(link_id, domain, key, "", workspace.clock.now(), folder_id=given.get("folderId"))
    change(workspace, link, {**given, "key": key})
    return link


def change(workspace: Workspace, link: StoredLink, given: Mapping[str, Any]) -> None:
    """Store the keys of a body. An absent key stays, and null clears."""
    tags = _tags(workspace, given)
    external = given.get("externalId")
    if external is not None and any(
        other is not link and other.fields.get("externalId") == external for other in workspace.links
    ):
        raise refused("conflict", "A link with this externalId already exists.")
    key = _key(workspace, link.domain, given["key"], link) if "key" in given else link.key
    url = _url(given.get("url", link.url), given)
    link.key, link.url = key, url
    link.tags = link.tags if tags is None else tags
    link.fields |= {name: given[name] for name in _PLAIN if name in given}
    if isinstance(external, str):
        link.fields["externalId"] = external.removeprefix("ext_")
    for name, longest in (("title", 120), ("description", 240)):
        if isinstance(link.fields.get(name), str):
            link.fields[name] = str(link.fields[name])[:longest]
    sent = dict(parse_qsl(urlsplit(url).query))
    link.fields |= {name: sent.get(name) for name in _UTM}


def _key(workspace: Workspace, domain: str, value: object, own: StoredLink | None) -> str:
    if not isinstance(value, str) or not value.strip("/") or len(value) > _MAX_KEY or " " in value:
        raise refused("unprocessable_entity", "Invalid key.")
    key = value.strip("/")
    if key.startswith("_") or key in _RESERVED:
        raise refused("forbidden", "This key is reserved.")
    other = workspace.named(domain, key)
    if other is not None and other is not own:
        raise refused("conflict", "Duplicate key: This short link already exists.")
    return key


def _url(value: object, given: Mapping[str, Any]) -> str:
    if not isinstance(value, str) or "." not in value:
        raise refused("unprocessable_entity", "Invalid destination URL")
    parts = urlsplit(value if "://" in value else f"https://{value}")
    if not parts.hostname:
        raise refused("unprocessable_entity", "Invalid destination URL")
    if not any(name in given for name in _UTM):
        return urlunsplit(parts)
    query = [(name, text) for name, text in parse_qsl(parts.query, keep_blank_values=True) if name not in given]
    query += [(name, str(given[name])) for name in _UTM if given.get(name)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _tags(workspace: Workspace, given: Mapping[str, Any]) -> list[StoredTag] | None:
    """The tags of a body, by ids or by names; None where it has neither."""
    for key, attribute in (("tagIds", "id"), ("tagNames", "name")):
        if key not in given:
            continue
        value = given[key]
        names = [value] if isinstance(value, str) else list(value or [])
        known = {getattr(tag, attribute).lower(): tag for tag in workspace.tags}
        if any(str(name).lower() not in known for name in names):
            raise refused("unprocessable_entity", f"Invalid {key} detected.")
        return [known[str(name).lower()] for name in names]
    return None
