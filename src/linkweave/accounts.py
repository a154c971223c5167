"""Opens accounts from their configuration tables: settings, client stack and adapter. Closes them again."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

import httpx2
from pydantic import ValidationError

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.observability import silence_http_clients
from linkweave.providers.base import Adapter
from linkweave.providers.record import Provider
from linkweave.settings import AccountSettings, CacheSettings, known_secrets
from linkweave.settings.problems import Problem, name_of, refusal
from linkweave.settings.suggestions import did_you_mean, shown
from linkweave.settings.validation_errors import problems_in
from linkweave.transport.cache.answer_cache import AnswerCache
from linkweave.transport.cache.factory import AnswerCacheFactory
from linkweave.transport.cache.link_entities import LinkEntities
from linkweave.transport.health import Health
from linkweave.transport.http.connections import Connector
from linkweave.transport.lifetimes import Lifetimes
from linkweave.transport.rate_limit.limiter import SlidingWindow
from linkweave.transport.retry.retry import silence_retries
from linkweave.transport.stack import DEFAULT_OPTIONS, Stack, StackOptions, build_stack


@dataclass(frozen=True, slots=True)
class Account:
    """One open account, with HTTP connections of its own.

    `links` are the links of cached lists; None without a cache. `lane_lengths` is the number of links on the first
    page of each list that was read.
    """

    settings: AccountSettings
    provider: Provider
    adapter: Adapter
    stack: Stack
    http: httpx2.AsyncClient
    links: LinkEntities | None = None
    lane_lengths: LruDict[tuple[str, ...], int] = field(default_factory=lambda: LruDict(max_entries=1_000))

    @property
    def key(self) -> str:
        """The account's key in the configuration."""
        return self.settings.key

    @property
    def health(self) -> Health:
        """The results of the account's latest calls."""
        return self.stack.client.health

    @property
    def windows(self) -> tuple[SlidingWindow, ...]:
        """The vendor's rate limits, and how much of them is used."""
        return self.stack.windows

    async def close(self) -> None:
        """Ends background work, returns tokens to the vendor, then closes the connections."""
        if self.links is not None:
            await self.links.close()
        await self.stack.close()
        await self.http.aclose()


# Returns the account with these settings: one that is open already, or the one that the second argument opens.
AcquireAccount: TypeAlias = Callable[[AccountSettings, Callable[[], Account]], Account]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every open account, in the order of the configuration."""

    all: tuple[Account, ...]
    providers: Mapping[str, Provider]

    async def close(self) -> None:
        """Closes all accounts at the same time."""
        await asyncio.gather(*(account.close() for account in self.all))


@dataclass(frozen=True, slots=True)
class CacheBuilder:
    """Builds the caches of accounts, with the lifetimes of [cache]."""

    factory: AnswerCacheFactory
    settings: CacheSettings

    def build(self, account: AccountSettings, provider: Provider, stack: Stack) -> tuple[AnswerCache, LinkEntities]:
        """Returns the caches of `account`, for the calls of `stack`."""
        origin = provider.api_url(account)
        lifetimes = Lifetimes.merge(provider.lifetimes(account), self.settings, account.fresh_seconds)
        records = self.factory.record_store(account.key, lifetimes)
        answers = self.factory.answer_cache(records, origin, account.timeout_seconds, stack.client.health)
        return answers, self.factory.link_entities(records, origin)


def check_accounts(
    tables: Sequence[Mapping[str, Any]],
    providers: Mapping[str, Provider],
    source: Path | Literal["demo"],
) -> tuple[AccountSettings, ...]:
    """Returns the settings of each table, checked by its provider.

    Raises:
        ConfigurationError: a table is wrong. Each line names a place and a key, and says what is allowed.
    """
    problems = account_problems(tables, providers)
    if problems:
        raise refusal((f"{each.place}: {each.message}" for each in problems), source)
    return tuple(providers[table["provider"]].settings.model_validate(table) for table in tables)


def account_problems(tables: Sequence[Mapping[str, Any]], providers: Mapping[str, Provider]) -> list[Problem]:
    """Returns what the providers find wrong with the tables of their accounts."""
    keys = [table.get("key") for table in tables]
    found = []
    for index, table in enumerate(tables):
        problems = _table_problems(table, providers)
        if keys[index] in keys[:index] and name_of(table, "key"):
            problems.append(Problem(("key",), f"{shown(keys[index])} is already used by another account"))
        found += [problem.below(("accounts", index), name_of(table, "key")) for problem in problems]
    return found


def _table_problems(table: Mapping[str, Any], providers: Mapping[str, Provider]) -> list[Problem]:
    name = table.get("provider")
    if not isinstance(name, str) or name not in providers:
        return [Problem(("provider",), _unknown_provider(name, providers))]
    model = providers[name].settings
    try:
        model.model_validate(table)
    except ValidationError as error:
        return problems_in(error, model)
    return []


def _unknown_provider(name: object, providers: Mapping[str, Provider]) -> str:
    problem = "is required, but missing" if name is None else f"{shown(name)} is not a provider"
    return f"{problem}; allowed: {', '.join(providers)}{did_you_mean(name, providers)}"


def _open_each(_: AccountSettings, open_one: Callable[[], Account]) -> Account:
    return open_one()


def open_accounts(
    settings: Iterable[AccountSettings],
    providers: Mapping[str, Provider],
    clock: Clock,
    connector: Connector,
    cache: CacheBuilder | None = None,
    options: StackOptions = DEFAULT_OPTIONS,
    acquire: AcquireAccount = _open_each,
) -> Accounts:
    """Opens every account, without a call to a vendor. `acquire` may return accounts that are open already.

    Each account has connections of its own. FOUND: httpx2 reuses a connection on which more than the announced length
    of an answer has arrived. The rest must never be read as the answer to another account. A vendor that hangs must not
    use up the connections of other accounts.

    Raises:
        ConfigurationError: the certificates of an account cannot be read.
    """
    silence_http_clients()
    silence_retries()

    def open_one(account: AccountSettings) -> Account:
        http = connector.open(account.proxy, account.ca_file)
        return open_account(account, providers[account.provider], http, clock, cache, options)

    return Accounts(tuple(acquire(account, partial(open_one, account)) for account in settings), providers)


def open_account(
    settings: AccountSettings,
    provider: Provider,
    http: httpx2.AsyncClient,
    clock: Clock,
    cache: CacheBuilder | None = None,
    options: StackOptions = DEFAULT_OPTIONS,
) -> Account:
    """Opens one account over `http`, which it owns from then on. Without `cache`, no answer is stored."""
    stack = build_stack(
        http=http,
        account=settings.key,
        base_url=provider.api_url(settings),
        further_hosts=provider.further_hosts(settings),
        timeout_seconds=settings.timeout_seconds,
        credentials=provider.credentials(settings, clock),
        rates=provider.rate_limits(settings),
        classify=provider.classify,
        drop=provider.drop,
        clock=clock,
        options=options,
        secrets=known_secrets(settings),
    )
    answers, links = (None, None) if cache is None else cache.build(settings, provider, stack)
    stack = stack.with_cache(answers)
    return Account(settings, provider, provider.adapter(settings, stack.client, clock), stack, http, links)
