"""Creates links: `action=shorten`."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response

from linkweave.providers.cuttly.emulator.responses import bare_text, php_json, refusal, shortened
from linkweave.providers.cuttly.emulator.team import CUTTLY, GENERIC_DOMAIN, Team, is_alias, is_short_url, is_url

_NOT_OWNED: Final = (
    "This domain is not owned by the team. To use this domain, it must be added to the team by the team owner."
)


def shorten(team: Team, query: Mapping[str, str], *, enterprise: bool) -> Response:
    """Creates a link, or refuses the call."""
    destination = query["url"]
    refused = _wrong_destination(destination)
    if refused is not None:
        return refused
    if "noTitle" in query and not enterprise:
        return bare_text("Insufficient subscription level")
    place = _place(team, query)
    if place is None:
        return refusal(401, _NOT_OWNED)
    domain, header = place
    alias = query.get("name") or team.free_alias()
    refused = wrong_alias(team, domain, alias)
    if refused is not None:
        return refused
    title = None if query.get("noTitle") == "1" else _page_title(destination)
    link = team.add(domain, header, alias, destination, title)
    link.public = query.get("public") == "1"
    return php_json(shortened(link))


def wrong_alias(team: Team, domain: str, alias: str) -> Response | None:
    """The refusal of an alias that a link on `domain` cannot have; None for a good alias."""
    if not is_alias(alias):
        return refusal(409, "Provided alias contains illegal characters")
    return refusal(409, "Provided alias is unavailable") if team.takes(domain, alias) else None


def _wrong_destination(destination: str) -> Response | None:
    if not is_url(destination):
        return refusal(409, "Provided link is incorrect")
    return refusal(409, "Provided link is already shortened") if is_short_url(destination) else None


def _place(team: Team, query: Mapping[str, str]) -> tuple[str, str | None] | None:
    """Domain and header. The generic domain has the header in it; other domains have it in a parameter."""
    given = query.get("domain", CUTTLY)
    domain, _, header = given.partition("/")
    if domain.lower() == GENERIC_DOMAIN and header and "/" not in header:
        return GENERIC_DOMAIN, header
    return (given.lower(), query.get("header")) if team.owns(given.lower()) else None


def _page_title(destination: str) -> str:
    """A title for the page, which the emulator does not fetch: its address in words."""
    url = urlsplit(destination)
    words = url.path.replace("-", " ").replace("/", " ").split()
    return f"{' '.join(words).capitalize() or 'Home'} – {url.netloc}"
