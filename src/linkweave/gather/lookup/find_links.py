"""Finds the link of a short URL, and the links whose clicks are counted."""

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from linkweave.concurrency.eager_tasks import gather_eagerly
from linkweave.context.cache_control import forbid_storing
from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.known_lane import KNOWN_NOTICE
from linkweave.gather.listing.lane_reader import MAX_SCANNED
from linkweave.gather.listing.link_pages import list_links
from linkweave.gather.listing.link_query import MAX_FIRST, LinkQuery, ListPosition
from linkweave.gather.sources import ReadFrom, Source, SourceStatus, is_unsupported
from linkweave.gather.statistics.counted_links import CountedLink, IncompleteAccount, too_many_links
from linkweave.models import Link
from linkweave.models.host_names import host_key
from linkweave.providers.read_capabilities import CanGetLinks

_DEFAULT_PORTS: Final = frozenset({None, 80, 443})
_INCOMPLETE: Final = frozenset({SourceStatus.PARTIAL, SourceStatus.FAILED, SourceStatus.UNSUPPORTED})


async def find_by_short_url(
    accounts: Sequence[AccountLoaders], short_url: str, fields: frozenset[str]
) -> tuple[AccountLoaders, Link] | None:
    """Finds the link of `short_url` and its account, among the accounts that own the domain.

    Domains in the settings are trusted. For other domains, the vendors that list domains are asked.

    Raises:
        InvalidInputError: the URL has no host or no path.
        VendorError: no account has the link, and the call to an account that may have it failed.
    """
    domain, slug = split_short_url(short_url)
    owners, failures = await _owners(accounts, domain)
    for loaders in owners:
        adapter = loaders.account.adapter
        if not isinstance(adapter, CanGetLinks):
            continue
        try:
            link = await adapter.find_link(domain, slug, fields)
        except VendorError as error:
            failures.append(error)
            continue
        if link is not None:
            loaders.prime(link)
            loaders.saw(link, fields)
            return loaders, link
    if failures:
        raise failures[0]
    return None


def split_short_url(short_url: str, field_name: str = "shortUrl") -> tuple[str, str]:
    """Returns the domain, in lower case, and the slug of `short_url`.

    Raises:
        InvalidInputError: the domain or the slug is missing.
    """
    problem = InvalidInputError(field_name, "must be a short URL with a domain and a slug, like https://cutt.ly/spring")
    try:
        parts = urlsplit(short_url)
        port = parts.port
    except ValueError:
        raise problem from None
    host, slug = host_key(parts.hostname or ""), unquote(parts.path.strip("/"))
    if not host or not slug:
        raise problem
    # The default ports of http and https are no part of a domain's name.
    return host if port in _DEFAULT_PORTS else f"{host}:{port}", slug


async def find_targets(query: LinkQuery, limit: int) -> tuple[list[CountedLink], dict[str, IncompleteAccount]]:
    """Returns at most `limit` links of `query`, and the accounts of which links are missing.

    An account that fails, or of which links are missing, is not read further.
    """
    targets: list[CountedLink] = []
    incomplete: dict[str, IncompleteAccount] = {}
    has_catalog = any(each.loaders.known is not None for each in query.accounts)
    position, has_next = ListPosition(), True
    while has_next and len(targets) < limit:
        page = await list_links(query, min(MAX_FIRST, limit - len(targets)), position)
        targets.extend(CountedLink(edge.loaders, edge.link.handle) for edge in page.edges)
        position, has_next = page.end, page.has_next
        full = len(targets) >= limit
        lacking = [each for each in page.sources if each.status in _INCOMPLETE or (full and not each.exhausted)]
        reasons = (_incomplete(source, limit, has_catalog=has_catalog) for source in lacking)
        incomplete |= {each.account.key: each for each in reasons}
        # An account with lost rows still has further pages, and so have the known links of one that lists none.
        query = query.without({source.account.key for source in lacking if not (source.lost_rows or _is_known(source))})
        # Links whose pages are cached need no turn of the event loop to be read.
        await asyncio.sleep(0)
    if any(not is_unsupported(account.error) for account in incomplete.values()):
        forbid_storing()
    return targets, incomplete


def _incomplete(source: Source, limit: int, *, has_catalog: bool) -> IncompleteAccount:
    if source.error is not None:
        # Without a catalog, no sum would have these links: a catalog that fails must not take the sum away.
        is_of_catalog = source.read is ReadFrom.CATALOG
        return IncompleteAccount(source.account, source.error.message, source.error, may_have_others=is_of_catalog)
    if source.lost_rows and source.notice is not None:
        return IncompleteAccount(source.account, source.notice)
    if source.exhausted and _is_known(source):
        return IncompleteAccount(source.account, KNOWN_NOTICE, may_have_others=True)
    scanned = f"only {MAX_SCANNED} links that do not match are read"
    if source.status is SourceStatus.PARTIAL:
        return IncompleteAccount(source.account, scanned)
    return IncompleteAccount(source.account, too_many_links(limit, has_catalog=has_catalog), is_cut=True)


def _is_known(source: Source) -> bool:
    return source.read is ReadFrom.CATALOG and source.error is None


async def _owners(accounts: Sequence[AccountLoaders], domain: str) -> tuple[list[AccountLoaders], list[VendorError]]:
    named = [loaders for loaders in accounts if domain in map(host_key, loaders.account.settings.domains)]
    if named:
        return named, []
    failures: list[VendorError] = []

    async def owns(loaders: AccountLoaders) -> bool:
        try:
            return any(host_key(own.name) == domain for own in await loaders.domains())
        except VendorError as error:
            if not is_unsupported(error):
                failures.append(error)
            return False

    owning = await gather_eagerly([owns(loaders) for loaders in accounts])
    return [loaders for loaders, yes in zip(accounts, owning, strict=True) if yes], failures
