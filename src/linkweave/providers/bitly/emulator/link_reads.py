"""The endpoints that read links."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from linkweave.providers.bitly.emulator.refusals import invalid
from linkweave.providers.bitly.emulator.store import API, Group, StoredLink, User
from linkweave.providers.emulator_kit import number_in

_SIZE: Final = 50
_MAX_SIZE: Final = 100


async def list_links(user: User, request: Request) -> object:
    """GET /groups/{group_guid}/bitlinks, newest first. Archived links are left out by default."""
    group, asked = user.group(request.path_params["group"]), request.query_params
    size = number_in(request, "size", _SIZE)
    if not size:
        raise invalid("size")
    size = min(size, _MAX_SIZE)
    found = [link for link in group.links if all(test(link) for test in _tests(request))]
    start = _start(found, asked.get("search_after"))
    page = found[start : start + size]
    more = start + size < len(found)
    cursor = _cursor(page[-1]) if more else ""
    kept = [(name, value) for name, value in asked.multi_items() if name not in {"search_after", "size"}]
    query = urlencode([*kept, ("search_after", cursor), ("size", str(size))])
    return {
        "links": [user.shown(group, link) for link in page],
        "pagination": {
            "prev": "",
            "next": f"{API}/groups/{group.guid}/bitlinks?{query}" if more else "",
            "size": size,
            "page": 1 + start // size,
            "total": len(found),
            "search_after": cursor,
        },
    }


async def read_link(user: User, request: Request) -> object:
    """GET /bitlinks/{bitlink}, by any name of the link."""
    return user.shown(*user.find(request.path_params["name"]))


async def expand(user: User, name: str) -> object:
    """POST /expand: the public part of a link."""
    group, link = user.find(name)
    shown = user.shown(group, link)
    return {key: shown[key] for key in ("created_at", "link", "id", "long_url")}


def _tests(request: Request) -> Iterator[Callable[[StoredLink], bool]]:
    asked = request.query_params
    yield _switch(asked.get("archived", "off"), "archived", lambda link: link.archived)
    yield _switch(asked.get("custom_bitlink", "both"), "custom_bitlink", lambda link: bool(link.back_halves))
    tags, logins = set(asked.getlist("tags")), asked.getlist("encoding_login")
    after, before = (_unix(request, name) for name in ("created_after", "created_before"))
    words, back_half = asked.get("query", "").lower(), asked.get("keyword")
    yield lambda link: tags <= set(link.tags)
    yield lambda link: not logins or link.created_by in logins
    yield lambda link: after is None or _seconds(link.created_at) >= after
    yield lambda link: before is None or _seconds(link.created_at) <= before
    yield lambda link: words in f"{link.title} {link.long_url} {link.id}".lower()
    yield lambda link: back_half is None or any(each.name.endswith(f"/{back_half}") for each in link.back_halves)


def _switch(value: str, name: str, test: Callable[[StoredLink], bool]) -> Callable[[StoredLink], bool]:
    if value not in {"on", "off", "both"}:
        raise invalid(name)
    return lambda link: value == "both" or test(link) == (value == "on")


def _unix(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise invalid(name)
    return int(text)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _cursor(link: StoredLink) -> str:
    return f"{_seconds(link.created_at)}~{link.id}"


def _start(links: list[StoredLink], cursor: str | None) -> int:
    """The place after a cursor, which stays good where its link is gone."""
    if not cursor:
        return 0
    seconds, _, name = cursor.partition("~")
    if not seconds.isdecimal():
        raise invalid("search_after")
    for place, link in enumerate(links):
        if (_seconds(link.created_at), link.id) == (int(seconds), name):
            return place + 1
    return next((at for at, link in enumerate(links) if _seconds(link.created_at) < int(seconds)), len(links))


def links_of(group: Group) -> list[StoredLink]:
    """The links that rankings know: those that are not archived."""
    return [link for link in group.links if not link.archived]
