"""Tags and domains over many accounts: short lists that are asked whole and paged here."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from linkweave.accounts import Account
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.sources import Source, SourceStatus, is_unsupported, record_sources
from linkweave.models import Domain

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class MergedTag:
    """A tag and the accounts that have it. Its name is spelled as in the first of them."""

    name: str
    accounts: tuple[AccountLoaders, ...]

    @property
    def folded(self) -> str:
        """The name as it is compared."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True)
class OwnedDomain:
    """A domain and its account."""

    loaders: AccountLoaders
    domain: Domain


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Item]):
    """One page of a merged list; `places` has the cursor position after each item."""

    items: tuple[Item, ...]
    places: tuple[list[str], ...]
    sources: tuple[Source, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class _AccountItems(Generic[Item]):
    loaders: AccountLoaders
    items: tuple[Item, ...] = ()
    at: datetime | None = None
    error: VendorError | None = None
    stale_because: VendorError | None = None


async def list_tags(
    accounts: Sequence[AccountLoaders], search: str | None, first: int, after: list[str] | None
) -> ListPage[MergedTag]:
    """The next `first` tags in alphabetical order, merged without case, after the one named in `after`."""
    told = await _ask(accounts, "tags", AccountLoaders.tags)
    words = (search or "").casefold()
    tags = [tag for tag in _merge_tags(told) if words in tag.folded]
    rest = [tag for tag in tags if after is None or tag.folded > after[0]]
    page = tuple(rest[:first])
    sources = record_sources(
        _source(
            each,
            returned=sum(each.loaders in tag.accounts for tag in page),
            exhausted=not any(each.loaders in tag.accounts for tag in rest[first:]),
        )
        for each in told
    )
    return ListPage(page, tuple([tag.folded] for tag in page), sources, len(rest) > first)


async def list_domains(
    accounts: Sequence[AccountLoaders], first: int, after: list[str] | None
) -> ListPage[OwnedDomain]:
    """The next `first` domains by account, then by name, after the account and name in `after`."""
    told = await _ask(accounts, "domains", AccountLoaders.domains)
    owned = [
        OwnedDomain(each.loaders, domain)
        for each in sorted(told, key=lambda each: each.loaders.key)
        for _, domain in sorted({domain.name: domain for domain in each.items}.items())
    ]
    rest = [one for one in owned if after is None or [one.loaders.key, one.domain.name] > after]
    page = tuple(rest[:first])
    sources = record_sources(
        _source(
            each,
            returned=sum(one.loaders is each.loaders for one in page),
            exhausted=not any(one.loaders is each.loaders for one in rest[first:]),
        )
        for each in told
    )
    return ListPage(page, tuple([one.loaders.key, one.domain.name] for one in page), sources, len(rest) > first)


async def find_tag(accounts: Sequence[AccountLoaders], name: str) -> MergedTag | None:
    """The tag called `name` as the accounts that can list their tags have it; None where none has it."""
    told = await _ask(accounts, "tags", AccountLoaders.tags)
    return next((tag for tag in _merge_tags(told) if tag.folded == name.casefold()), None)


async def _ask(
    accounts: Sequence[AccountLoaders], what: str, question: Callable[[AccountLoaders], Awaitable[tuple[Item, ...]]]
) -> list[_AccountItems[Item]]:
    async def ask(loaders: AccountLoaders) -> _AccountItems[Item]:
        try:
            items = await question(loaders)
        except VendorError as error:
            return _AccountItems(loaders, error=error)
        return _AccountItems(loaders, items, loaders.fetched_at(what), stale_because=loaders.stale_because(what))

    return list(await asyncio.gather(*(ask(loaders) for loaders in accounts)))


def _merge_tags(told: Sequence[_AccountItems[str]]) -> list[MergedTag]:
    merged: dict[str, MergedTag] = {}
    for each in told:
        for name in each.items:
            known = merged.get(name.casefold(), MergedTag(name, ()))
            if each.loaders not in known.accounts:
                merged[name.casefold()] = MergedTag(known.name, (*known.accounts, each.loaders))
    return [merged[folded] for folded in sorted(merged)]


def _source(told: _AccountItems[Item], *, returned: int, exhausted: bool) -> Source:
    account: Account = told.loaders.account
    if is_unsupported(told.error):
        return Source(account, SourceStatus.UNSUPPORTED, told.error)
    if told.error is not None:
        return Source(account, SourceStatus.FAILED, told.error, exhausted=False)
    status = SourceStatus.OK if told.stale_because is None else SourceStatus.STALE
    return Source(account, status, told.stale_because, told.at, returned, exhausted)
