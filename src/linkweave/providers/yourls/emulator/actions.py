"""What the API does, by the field `action`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.providers.emulator_kit import RefusedError
from linkweave.providers.yourls.emulator.site import SITE, Site, StoredLink, clean

Fields: TypeAlias = Mapping[str, str]
Content: TypeAlias = dict[str, object]

_UNKNOWN_ACTION: Final = {"errorCode": "400", "message": 'Unknown or missing "action" parameter'}

_SUCCESS: Final = {"statusCode": "200", "message": "success"}
_NOT_FOUND: Final = "Error: short URL not found"


def version(_: Site, fields: Fields) -> Content:
    """The version of the software, and of its tables."""
    return {"version": "1.10.5-dev", **({"db_version": "507"} if "db" in fields else {})}


def expand(site: Site, fields: Fields) -> Content:
    """The destination of a link."""
    name = fields.get("shorturl", "")
    link = site.find(name)
    if link is None:
        raise RefusedError(404, {"keyword": clean(name), "message": _NOT_FOUND, "errorCode": "404"})
    shown = {"keyword": link.keyword, "shorturl": link.shorturl, "longurl": link.url, "title": link.title}
    return {**shown, "message": "success", "statusCode": "200"}


def url_stats(site: Site, fields: Fields) -> Content:
    """One link with its clicks."""
    link = site.find(fields.get("shorturl", ""))
    if link is None:
        raise RefusedError(404, {"statusCode": "404", "message": _NOT_FOUND})
    return {**_SUCCESS, "link": link.to_json()}


def stats(site: Site, fields: Fields) -> Content:
    """Some links, and the counts of the whole site. Without a limit, and beyond the end, there is no `links`."""
    limit, start = _number(fields.get("limit")), _number(fields.get("start"))
    if start < 0:
        raise RefusedError(500, None)
    rows = _in_order(site, fields.get("filter", ""), start)[start : start + limit] if limit > 0 else []
    shown = {f"link_{place}": link.to_json() for place, link in enumerate(rows, 1)}
    return {**({"links": shown} if shown else {}), "stats": _totals(site), **_SUCCESS}


def db_stats(site: Site, _: Fields) -> Content:
    """The counts of the whole site."""
    return {"db-stats": _totals(site), **_SUCCESS}


def shorturl(site: Site, fields: Fields) -> Content:
    """Make a link. A URL that is there already is refused together with its link, whatever slug is asked for."""
    url = "".join(fields.get("url", "").split())
    if not url or url.lower().startswith("javascript:"):
        raise _failed("error:nourl", "Missing or malformed URL")
    if url.startswith(f"{SITE}/"):
        raise _failed("error:noloop", "URL is a short URL")
    existing = site.find_url(url)
    if existing is not None:
        raise _url_taken(existing)
    keyword = _free_keyword(site, fields.get("keyword", ""))
    title = fields.get("title") or f"Page at {url}"
    link = site.links[keyword] = StoredLink(keyword, url, title, site.clock.now())
    made = {
        "status": "success",
        "code": "",
        "message": f"{url} added to database",
        "errorCode": "",
        "statusCode": "200",
    }
    return {**made, "url": link.as_created(), "title": link.title, "shorturl": link.shorturl}


_ACTIONS: Final[Mapping[str, Callable[[Site, Fields], Content]]] = MappingProxyType(
    {
        "version": version,
        "expand": expand,
        "url-stats": url_stats,
        "stats": stats,
        "db-stats": db_stats,
        "shorturl": shorturl,
    }
)


def perform(site: Site, fields: Fields) -> Content:
    """Do what the field `action` names."""
    action = _ACTIONS.get(fields.get("action", ""))
    if action is None:
        raise RefusedError(400, _UNKNOWN_ACTION)
    return action(site, fields)


def _in_order(site: Site, order: str, start: int) -> list[StoredLink]:
    links = list(site.links.values())
    match order:
        case "last":
            # A start is another query, and so may be another order within a second.
            return site.newest_first(start)
        case "bottom":
            return sorted(links, key=lambda link: link.clicks)
        case _:
            return sorted(links, key=lambda link: link.clicks, reverse=True)


def _totals(site: Site) -> Content:
    return {"total_links": len(site.links), "total_clicks": sum(link.clicks for link in site.links.values())}


def _free_keyword(site: Site, asked: str) -> str:
    if not asked:
        return site.next_keyword()
    keyword = clean(asked)
    if site.is_taken(keyword):
        raise _failed("error:keyword", f"Short URL {keyword} already exists in database or is reserved")
    return keyword


def _url_taken(link: StoredLink) -> RefusedError:
    there: Content = {
        "url": {**link.as_created(), "clicks": link.clicks},
        "title": link.title,
        "shorturl": link.shorturl,
    }
    name = link.shorturl.partition("://")[2]
    return _failed("error:url", f"{link.url} already exists in database (short URL: {name})", there)


def _failed(code: str, message: str, more: Content | None = None) -> RefusedError:
    body = {"status": "fail", "code": code, "message": message, "errorCode": "400", "statusCode": "400", **(more or {})}
    return RefusedError(400, body)


def _number(text: str | None) -> int:
    """A number as PHP reads it: 0 for a text that is none."""
    try:
        return int(text or 0)
    except ValueError:
        return 0
