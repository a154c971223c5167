"""The endpoints that change links."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from linkweave.providers.bitly.emulator.link_reads import expand
from linkweave.providers.bitly.emulator.refusals import invalid, refused
from linkweave.providers.bitly.emulator.store import HASH_DOMAIN, BackHalf, Group, StoredLink, User
from linkweave.providers.emulator_kit import RefusedError, json_object

_MAX_BULK: Final = 100
_SOONEST: Final = timedelta(minutes=5)
_LATEST: Final = timedelta(days=366)


async def create(user: User, request: Request) -> tuple[int, object]:
    """POST /bitlinks: HTTP 201 for a new link, and 200 for the one that leads there already."""
    given = await _body(request)
    if given.get("bitlink_id") is not None:
        group, link = user.find(str(given["bitlink_id"]))
        _add_back_half(user, group, link, f"{_domain_of(link.id)}/{given.get('keyword')}")
        return 200, user.shown(group, link)
    group = user.group(given.get("group_guid") or user.default)
    destination, domain = _destination(user, given), _domain(group, given.get("domain") or HASH_DOMAIN)
    expiration, keyword = _expiration(user, given), given.get("keyword")
    known = next((link for link in group.links if link.long_url == destination and not link.archived), None)
    if known is not None and not given.get("force_new_link") and keyword is None:
        return 200, user.shown(group, known)
    if keyword is not None:
        _require_free(user, f"{domain}/{keyword}")
    user.spend_link()
    link = StoredLink(
        f"{domain}/{user.new_hash()}",
        destination,
        user.clock.now().replace(microsecond=0),
        user.login,
        given.get("title"),
        _tags(given),
        expiration_at=expiration,
    )
    if keyword is not None:
        link.back_halves.append(BackHalf(f"{domain}/{keyword}"))
    group.links.insert(0, link)
    # FOUND: answers to creates lack these.
    return 201, {key: value for key, value in user.shown(group, link).items() if key not in {"created_by", "client_id"}}


async def shorten(user: User, request: Request) -> tuple[int, object]:
    """POST /shorten: as a create, with fewer fields."""
    return await create(user, request)


async def read_public(user: User, request: Request) -> object:
    """POST /expand."""
    return await expand(user, str((await _body(request)).get("bitlink_id")))


async def update(user: User, request: Request) -> object:
    """PATCH /bitlinks/{bitlink}. Keys that nothing can change are ignored."""
    given = await _body(request)
    group, link = user.find(request.path_params["name"])
    if "long_url" in given and given["long_url"] != link.long_url:
        destination = _destination(user, given)
        user.require_paid()
        user.spend_link()
        link.long_url = destination
    link.expiration_at = _expiration(user, given) or link.expiration_at
    link.title = given.get("title", link.title)
    link.tags = _tags(given) if "tags" in given else link.tags
    link.archived = given.get("archived", link.archived) is True
    link.is_edited = True
    return user.shown(group, link)


async def delete(user: User, request: Request) -> object:
    """DELETE /bitlinks/{bitlink}, for links that were never edited. Answer and refusal are guesses."""
    group, link = user.find(request.path_params["name"])
    if link.is_edited or link.back_halves or _domain_of(link.id) != HASH_DOMAIN:
        raise refused("UNPROCESSABLE_ENTITY", "bitlinks")
    group.links.remove(link)
    user.deleted.add(link.id)
    return {"links_deleted": [{"id": link.id}]}


async def update_several(user: User, request: Request) -> object:
    """PATCH /groups/{group_guid}/bitlinks: the archive, or the tags, of at most 100 links."""
    given, group = await _body(request), user.group(request.path_params["group"])
    names = given.get("links")
    if not isinstance(names, list) or len(names) > _MAX_BULK:
        raise invalid("links")
    if given.get("action") not in {"archive", "edit_tags"}:
        raise invalid("action")
    changed = [link for link in group.links if link.id in names]
    for link in changed:
        if given["action"] == "archive":
            link.archived = given.get("archive") is True
            continue
        gone, added = given.get("remove_tags") or [], given.get("add_tags") or []
        link.tags = list(dict.fromkeys([*(tag for tag in link.tags if tag not in gone), *added]))
    return {"links": [link.id for link in changed]}


async def add_back_half(user: User, request: Request) -> object:
    """POST /custom_bitlinks."""
    given = await _body(request)
    group, link = user.find(str(given.get("bitlink_id")))
    name = str(given.get("custom_bitlink"))
    _domain(group, _domain_of(name))
    _add_back_half(user, group, link, name)
    return {"custom_bitlink": name, "bitlink": user.shown(group, link), "bitlink_history": []}


def _add_back_half(user: User, group: Group, link: StoredLink, name: str) -> None:
    if "/" not in name or name.endswith("/") or name.count("/") > 1:
        raise invalid("custom_bitlink", "custom_bitlinks")
    _require_free(user, name)
    link.back_halves.insert(0, BackHalf(name))
    group.links.sort(key=lambda each: each.created_at, reverse=True)


def _require_free(user: User, name: str) -> None:
    if any(link.has_name(name) for group in user.groups.values() for link in group.links):
        raise refused("CONFLICT", "custom_bitlinks")


async def _body(request: Request) -> Mapping[str, Any]:
    given = await json_object(request)
    if given is None:
        raise refused("UNPROCESSABLE_ENTITY")
    return given


def _destination(user: User, given: Mapping[str, Any]) -> str:
    value = given.get("long_url")
    if value is None:
        raise refused("MISSING_ARG_LONG_URL", "bitlinks", "long_url")
    host = _host(value)
    if host is None:
        raise invalid("long_url")
    if host == HASH_DOMAIN or any(host in group.domains for group in user.groups.values()):
        raise RefusedError(400, {"message": "ALREADY_A_BITLY_LINK", "resource": "bitlinks"})
    return str(value)


def _host(value: object) -> str | None:
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


def _domain(group: Group, name: object) -> str:
    if name != HASH_DOMAIN and name not in group.domains:
        raise invalid("domain")
    return str(name)


def _domain_of(name: str) -> str:
    return name.partition("/")[0]


def _tags(given: Mapping[str, Any]) -> list[str]:
    tags = given.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise invalid("tags")
    return list(dict.fromkeys(tags))


def _expiration(user: User, given: Mapping[str, Any]) -> str | None:
    value = given.get("expiration_at")
    if value is None:
        return None
    try:
        ahead = datetime.fromisoformat(str(value)) - user.clock.now()
    except (TypeError, ValueError):
        raise invalid("expiration_at") from None
    if not _SOONEST <= ahead <= _LATEST:
        raise invalid("expiration_at")
    return str(value)
