"""Lists the visits of a short URL, the newest first."""

from starlette.requests import Request

from linkweave.providers.shlink.emulator.server import Server, ShortUrl, Visit, page_of, told
from linkweave.providers.shlink.emulator.short_urls import moment, named, number


async def list_visits(server: Server, request: Request) -> object:
    """GET /short-urls/{shortCode}/visits: all on one page, unless another size is asked for."""
    short_url, start, end = named(server, request), moment(request, "startDate"), moment(request, "endDate")
    visits = sorted(short_url.visits, key=lambda visit: visit.at, reverse=True)
    rows: list[object] = [
        _shown(visit, short_url)
        for visit in visits
        if (start is None or visit.at >= start) and (end is None or visit.at <= end)
    ]
    page, size = number(request, "page", 1), number(request, "itemsPerPage", max(1, len(rows)))
    return {"visits": page_of(rows, page, size)}


def _shown(visit: Visit, short_url: ShortUrl) -> dict[str, object]:
    location: dict[str, object] | None = None
    if visit.country is not None:
        code, name = visit.country
        texts = {"countryCode": code, "countryName": name, "regionName": "", "cityName": "", "timezone": ""}
        location = {**texts, "latitude": 0.0, "longitude": 0.0}
    return {
        "referer": visit.referer,
        "date": told(visit.at),
        "userAgent": visit.user_agent,
        "visitLocation": location,
        "potentialBot": visit.is_bot,
        "visitedUrl": short_url.short_url,
        "redirectUrl": short_url.long_url,
    }
