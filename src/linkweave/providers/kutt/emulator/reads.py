"""What can be read: the list, statistics of one link, and the user with the domains."""

from typing import Final

from starlette.requests import Request

from linkweave.providers.kutt.emulator.site import API_KEY, Site, iso, refused
from linkweave.providers.kutt.emulator.spans import spans_of

_MAX_LIMIT: Final = 50
_USUAL_LIMIT: Final = 10
_ID_LENGTH: Final = 36


async def list_links(site: Site, request: Request) -> tuple[int, object]:
    """GET /links. More than 50 are cut to 50; 0 and text become 10; a negative start is an error of the database."""
    limit = min(_number(request, "limit") or _USUAL_LIMIT, _MAX_LIMIT)
    skip = _number(request, "skip")
    if skip < 0:
        raise refused(500, "An error occurred.")
    found = site.search(request.query_params.get("search", ""))
    rows = [link.to_json() for link in found[skip : skip + limit]]
    return 200, {"total": len(found), "limit": limit, "skip": skip, "data": rows}


async def read_stats(site: Site, request: Request) -> tuple[int, object]:
    """GET /links/{id}/stats."""
    link = site.find(checked_id(request), "Link could not be found.")
    now = site.clock.now()
    return 200, {**spans_of(link.visits, now), "updatedAt": iso(now), **link.to_json()}


async def read_user(site: Site, _: Request) -> tuple[int, object]:
    """GET /users: with the key in clear."""
    domains = [domain.to_json() for domain in site.domains]
    return 200, {"apikey": API_KEY, "email": "marketing@example.com", "domains": domains}


async def refuse_admin(_: Site, __: Request) -> tuple[int, object]:
    """What only an administrator may read."""
    raise refused(401, "Unauthorized")


def checked_id(request: Request) -> str:
    """The id in the path."""
    link_id: str = request.path_params["id"]
    if len(link_id) != _ID_LENGTH:
        raise refused(400, "ID is invalid.")
    return link_id


def _number(request: Request, name: str) -> int:
    try:
        return int(request.query_params.get(name, "0"))
    except ValueError:
        return 0
