"""Finds the link that an account has already, by its destination or by its slug."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import UnavailableError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_pages import list_links
from linkweave.gather.listing.link_query import MAX_FIRST, AccountQuery, LinkQuery, ListPosition
from linkweave.models import Link, LinkFilter
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink
from linkweave.models.host_names import host_key
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks

# Maximum number of links that are read in search of a destination.
MAX_SEARCHED: Final = 500
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search among an account's links. `complete` is False where not every link was compared.

    `known_fields` are the fields of `link` that were read.
    """

    link: Link | None
    complete: bool
    known_fields: frozenset[str] = ALL_LINK_FIELDS


async def find_destination(
    loaders: AccountLoaders, destination: str, matches: Callable[[Link], bool] = lambda _: True
) -> SearchResult:
    """Finds the account's first link to `destination` that `matches`, among at most 500 of its links.

    A vendor that searches destinations is asked to search. Of other vendors, the newest links are read. Of a vendor
    that lists none, a link that the catalog knows is found, if the vendor still has it.

    Raises:
        VendorError: the account's links could not be read.
    """
    adapter = loaders.account.adapter
    if not isinstance(adapter, CanListLinks):
        return await _find_known(loaders, destination, matches)
    wanted = LinkFilter(search=destination) if adapter.searches_destinations else LinkFilter()
    query, position = LinkQuery((AccountQuery(loaders, wanted),)), ListPosition()
    same = normalise_destination(destination)
    for _ in range(MAX_SEARCHED // MAX_FIRST):
        with bypass_cache():
            page = await list_links(query, MAX_FIRST, position)
        to_destination = (edge.link for edge in page.edges if normalise_destination(edge.link.destination) == same)
        found = next(filter(matches, to_destination), None)
        if found is not None:
            return SearchResult(found, complete=True)
        failure = page.sources[0].error
        if failure is not None:
            raise failure
        if not page.has_next:
            return SearchResult(None, complete=page.sources[0].exhausted)
        position = page.end
    return SearchResult(None, complete=False)


async def _find_known(loaders: AccountLoaders, destination: str, matches: Callable[[Link], bool]) -> SearchResult:
    """Finds a link in the catalog. None is no proof that the account has none."""
    nothing, same = SearchResult(None, complete=False), normalise_destination(destination)
    if loaders.known is None or not isinstance(loaders.account.adapter, CanGetLinks):
        return nothing
    try:
        known = await loaders.known.page(LinkFilter(destination=destination), None)
    except UnavailableError:
        # A catalog that fails takes no write away.
        return nothing
    for link in filter(matches, known.items):
        with bypass_cache():
            current = await loaders.link(link.handle, ALL_LINK_FIELDS)
        if current is not None and normalise_destination(current.destination) == same:
            return SearchResult(current, complete=True)
    return nothing


async def find_slug(loaders: AccountLoaders, new: NewLink) -> SearchResult:
    """Finds the account's link with the slug of `new` by one call. Not complete where one call is not enough.

    Raises:
        VendorError: the call failed.
    """
    adapter = loaders.account.adapter
    domain = new.domain or loaders.account.settings.home_domain
    if new.slug is None or domain is None or not isinstance(adapter, CanGetLinks):
        return SearchResult(None, complete=False)
    with bypass_cache():
        return SearchResult(await adapter.find_link(host_key(domain), new.slug, frozenset()), complete=True)


async def find_slug_owner(loaders: AccountLoaders, new: NewLink) -> Link | None:
    """Finds the account's link that has the slug of `new`. None where it has none, or where that cannot be found out.

    Where neither `new` nor the settings name a domain, the link is on the domain that the vendor calls the default.
    """
    try:
        if new.domain is None and loaders.account.settings.home_domain is None:
            defaults = [domain.name for domain in await loaders.domains() if domain.is_default]
            new = replace(new, domain=defaults[0] if len(defaults) == 1 else None)
        return (await find_slug(loaders, new)).link
    except VendorError:
        return None


def normalise_destination(url: str) -> str:
    """Returns `url` in the form in which destinations are compared.

    Scheme and host are in lower case, the default port is dropped, and an empty path is "/". Query and fragment stay.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    scheme, host = parts.scheme.lower(), host_key(parts.hostname or "")
    shown = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS.get(scheme):
        shown = f"{shown}:{port}"
    login = parts.netloc.rpartition("@")[0]
    netloc = f"{login}@{shown}" if login else shown
    return urlunsplit((scheme, netloc, parts.path or "/", parts.query, parts.fragment))
