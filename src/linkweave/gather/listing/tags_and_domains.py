"""Tags and domains over several accounts: short lists that are fetched whole and paged by the gateway."""

from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from linkweave.concurrency.eager_tasks import gather_eagerly
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.sources import (
    ReadFrom,
    Source,
    SourceStatus,
    add_loss,
    add_lost_rows,
    is_unsupported,
    record_sources,
)
from linkweave.models import NOTHING_LEFT_OUT, Domain, LeftOut
from linkweave.providers.read_capabilities import CanListDomains, CanListTags

Item = TypeVar("Item")

_KNOWN_NOTICE: Final = "The provider does not list this. It is what the links have that the catalog knows."


@dataclass(frozen=True, slots=True)
class MergedTag:
    """A tag and the accounts that have it. Its name is spelled as in the first of them."""

    name: str
    accounts: tuple[AccountLoaders, ...]

    @property
    def folded(self) -> str:
        """The name without case, for comparison."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True)
class OwnedDomain:
    """A domain and its account."""

    loaders: AccountLoaders
    domain: Domain


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Item]):
    """One page of a merged list. `positions` has the position after each item, for cursors."""

    items: tuple[Item, ...]
    positions: tuple[list[str], ...]
    sources: tuple[Source, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class _AccountItems(Generic[Item]):
    loaders: AccountLoaders
    items: tuple[Item, ...] = ()
    fetched_at: datetime | None = None
    error: VendorError | None = None
    stale_because: VendorError | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT
    is_known: bool = False


async def list_tags(
    accounts: Sequence[AccountLoaders], search: str | None, first: int, after: list[str] | None
) -> ListPage[MergedTag]:
    """Returns the next `first` tags in alphabetical order, merged without case. `after` is a position."""
    fetched = await _fetch(accounts, "tags", CanListTags, AccountLoaders.tags)
    text = (search or "").casefold()
    tags = [tag for tag in _merge_tags(fetched) if text in tag.folded]
    rest = [tag for tag in tags if after is None or [tag.folded] > after]
    return _page(fetched, rest, first, lambda tag: tag.accounts, lambda tag: [tag.folded])


async def list_domains(
    accounts: Sequence[AccountLoaders], first: int, after: list[str] | None
) -> ListPage[OwnedDomain]:
    """Returns the next `first` domains, by account and then by name. `after` is a position."""
    fetched = await _fetch(accounts, "domains", CanListDomains, AccountLoaders.domains)
    domains = [
        OwnedDomain(each.loaders, domain)
        for each in sorted(fetched, key=lambda each: each.loaders.key)
        for _, domain in sorted({domain.name: domain for domain in each.items}.items())
    ]
    rest = [owned for owned in domains if after is None or _domain_position(owned) > after]
    return _page(fetched, rest, first, lambda owned: (owned.loaders,), _domain_position)


async def find_tag(accounts: Sequence[AccountLoaders], name: str) -> MergedTag | None:
    """Returns the tag called `name`, of the accounts that list tags; None where no account has it."""
    fetched = await _fetch(accounts, "tags", CanListTags, AccountLoaders.tags)
    return next((tag for tag in _merge_tags(fetched) if tag.folded == name.casefold()), None)


async def _fetch(
    accounts: Sequence[AccountLoaders],
    name: str,
    capability: type,
    fetch: Callable[[AccountLoaders], Awaitable[tuple[Item, ...]]],
) -> list[_AccountItems[Item]]:
    async def fetch_one(loaders: AccountLoaders) -> _AccountItems[Item]:
        is_known = loaders.in_place_of(capability) is not None
        try:
            items = await fetch(loaders)
        except VendorError as error:
            return _AccountItems(loaders, error=error, is_known=is_known)
        if is_known:
            return _AccountItems(loaders, items, is_known=True)
        fetched_at, stale_because = loaders.fetched_at(name), loaders.stale_because(name)
        return _AccountItems(loaders, items, fetched_at, None, stale_because, loaders.left_out(name))

    return await gather_eagerly([fetch_one(loaders) for loaders in accounts])


def _merge_tags(fetched: Sequence[_AccountItems[str]]) -> list[MergedTag]:
    merged: dict[str, MergedTag] = {}
    for each in fetched:
        for name in each.items:
            known = merged.get(name.casefold(), MergedTag(name, ()))
            if each.loaders not in known.accounts:
                merged[name.casefold()] = MergedTag(known.name, (*known.accounts, each.loaders))
    return [merged[folded] for folded in sorted(merged)]


def _domain_position(owned: OwnedDomain) -> list[str]:
    return [owned.loaders.key, owned.domain.name]


def _page(
    fetched: Sequence[_AccountItems[Any]],
    items: Sequence[Item],
    first: int,
    owners: Callable[[Item], Container[AccountLoaders]],
    position: Callable[[Item], list[str]],
) -> ListPage[Item]:
    """Returns the first of `items` as a page, with the source of each account."""
    page, rest = tuple(items[:first]), items[first:]
    sources = record_sources(
        _source(
            each,
            returned=sum(each.loaders in owners(item) for item in page),
            exhausted=not any(each.loaders in owners(item) for item in rest),
        )
        for each in fetched
    )
    return ListPage(page, tuple(map(position, page)), sources, bool(rest))


def _source(fetched: _AccountItems[Any], *, returned: int, exhausted: bool) -> Source:
    account = fetched.loaders.account
    if is_unsupported(fetched.error):
        return Source(account, SourceStatus.UNSUPPORTED, fetched.error)
    if fetched.error is not None:
        return Source(account, SourceStatus.FAILED, fetched.error, exhausted=False)
    if fetched.is_known:
        source = Source(account, returned=returned, exhausted=exhausted, read=ReadFrom.CATALOG)
        return add_loss(source, _KNOWN_NOTICE)
    status = SourceStatus.OK if fetched.stale_because is None else SourceStatus.STALE
    source = Source(account, status, fetched.stale_because, fetched.fetched_at, returned, exhausted)
    return add_lost_rows(source, fetched.left_out)
