"""Finding one thing: the link behind a short URL, and the links of a list by their ids."""

import asyncio
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.hosts import host_key
from linkweave.gather.links import LinkQuestion, Position, list_links
from linkweave.gather.loaders import AccountLoaders
from linkweave.gather.sources import is_unsupported
from linkweave.gather.statistics import Target
from linkweave.models import Link
from linkweave.providers.capabilities import CanGetLinks


async def find_by_short_url(
    accounts: Sequence[AccountLoaders], short_url: str, fields: frozenset[str]
) -> tuple[AccountLoaders, Link] | None:
    """The link behind `short_url` and its account, from the accounts that own the domain.

    Domains named in the settings are believed without asking; others are asked of the vendors that list them.

    Raises:
        InvalidInputError: the URL has no host or no path.
        VendorError: no account had the link, and one that might have it could not be asked.
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
            loaders.remember(link)
            return loaders, link
    if failures:
        raise failures[0]
    return None


def split_short_url(short_url: str, field_name: str = "shortUrl") -> tuple[str, str]:
    """The domain in lower case and the slug of `short_url`.

    Raises:
        InvalidInputError: it has none.
    """
    parts = urlsplit(short_url)
    slug = unquote(parts.path.strip("/"))
    if not parts.hostname or not slug:
        raise InvalidInputError(field_name, "must be a short URL with a domain and a slug, like https://cutt.ly/spring")
    domain = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    return host_key(domain), slug


async def find_targets(question: LinkQuestion, most: int) -> tuple[list[Target], dict[str, str]]:
    """At most `most` links that answer `question`, and why an account has more that are not among them."""
    targets: list[Target] = []
    position, has_next, left_out = Position(), True, dict[str, str]()
    while has_next and len(targets) < most:
        page = await list_links(question, min(100, most - len(targets)), position)
        targets.extend(Target(edge.loaders, edge.link.handle) for edge in page.edges)
        position, has_next = page.end, page.has_next
        left_out = {
            source.account.key: source.error.message if source.error else f"only {most} links are counted at once"
            for source in page.sources
            if not source.exhausted
        }
    return targets, left_out


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

    owning = await asyncio.gather(*(owns(loaders) for loaders in accounts))
    return [loaders for loaders, yes in zip(accounts, owning, strict=True) if yes], failures
