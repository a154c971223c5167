"""Lists and reads short URLs, and lists domains."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request

from linkweave.providers.shlink.emulator.problems import invalid_data
from linkweave.providers.shlink.emulator.server import DEFAULT_DOMAIN, Server, ShortUrl, page_of

_USUAL_SIZE: Final = 10


async def list_short_urls(server: Server, request: Request) -> object:
    """GET /short-urls."""
    query = request.query_params
    rows = server.on_domain(query["domain"]) if "domain" in query else list(server.short_urls)
    wanted = [_by_tags(request), _by_dates(request), _by_words(query.get("searchTerm", ""))]
    rows = [row for row in rows if all(each(row) for each in wanted)]
    key, _, direction = query.get("orderBy", "dateCreated-DESC").partition("-")
    rows.sort(key=_sort_key(key), reverse=direction == "DESC")
    page, size = number(request, "page", 1), number(request, "itemsPerPage", _USUAL_SIZE)
    return {"shortUrls": page_of([row.to_json() for row in rows], page, size)}


async def read(server: Server, request: Request) -> object:
    """GET /short-urls/{shortCode}."""
    return named(server, request).to_json()


async def list_domains(server: Server, _: Request) -> object:
    """GET /domains."""
    redirects = {"baseUrlRedirect": None, "regular404Redirect": None, "invalidShortUrlRedirect": None}
    names = [DEFAULT_DOMAIN, *server.domains]
    rows = [{"domain": name, "isDefault": name == DEFAULT_DOMAIN, "redirects": redirects} for name in names]
    return {"domains": {"data": rows, "defaultRedirects": redirects}}


def named(server: Server, request: Request) -> ShortUrl:
    """The short URL that the path and the parameter `domain` name."""
    return server.find(request.path_params["code"], request.query_params.get("domain"))


def number(request: Request, name: str, usual: int) -> int:
    """A positive number of the query."""
    try:
        return max(1, int(request.query_params.get(name, usual)))
    except ValueError:
        raise invalid_data(name) from None


def moment(request: Request, name: str) -> datetime | None:
    """A moment of the query, which needs an offset."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise invalid_data(name) from None
    if found.tzinfo is None:
        raise invalid_data(name)
    return found


def _by_tags(request: Request) -> Callable[[ShortUrl], bool]:
    query = request.query_params
    tags, excluded = frozenset(query.getlist("tags[]")), frozenset(query.getlist("excludeTags[]"))
    needs_all, excludes_all = query.get("tagsMode") == "all", query.get("excludeTagsMode") == "all"

    def matches(row: ShortUrl) -> bool:
        own = frozenset(row.tags)
        included = not tags or (tags <= own if needs_all else bool(tags & own))
        return included and not (bool(excluded) and (excluded <= own if excludes_all else bool(excluded & own)))

    return matches


def _by_dates(request: Request) -> Callable[[ShortUrl], bool]:
    start, end = moment(request, "startDate"), moment(request, "endDate")
    return lambda row: (start is None or row.created >= start) and (end is None or row.created <= end)


def _by_words(words: str) -> Callable[[ShortUrl], bool]:
    return lambda row: any(words.lower() in (text or "").lower() for text in (row.code, row.title, row.long_url))


def _sort_key(name: str) -> Callable[[ShortUrl], tuple[object, ...]]:
    """What a list is ordered by; equal rows are in the order of their codes."""
    keys: dict[str, Callable[[ShortUrl], object]] = {
        "dateCreated": lambda row: row.created,
        "visits": lambda row: len(row.visits),
        "title": lambda row: row.title or "",
        "shortCode": lambda row: row.code,
        "longUrl": lambda row: row.long_url,
    }
    key = keys.get(name, keys["dateCreated"])
    return lambda row: (key(row), row.code)
