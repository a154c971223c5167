"""`linkweave check`: whether every account, the cache server and the catalog can be used."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from linkweave.accounts import Account
from linkweave.clock import Clock
from linkweave.errors import (
    BadResponseError,
    ErrorCode,
    UnavailableError,
    UnsupportedError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.settings import AccountSettings, CacheSettings, CatalogSettings
from linkweave.storage.factory import open_storage
from linkweave.storage.outages import OutageKind

CACHE: Final = "[cache]"
"""Stands for the cache server in place of an account's key, which has no brackets."""
CATALOG: Final = "[catalog]"
"""Stands for the catalog's database in place of an account's key."""

_UNREACHABLE = (UnavailableError, VendorTimeoutError, BadResponseError)
_INCONCLUSIVE = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.UNSUPPORTED})


@dataclass(frozen=True, slots=True)
class Finding:
    """The result for one account, for the cache server, or for the catalog's database.

    `reachable` and `authenticated` are None if not known.
    `address` was asked. `missing` is what should be changed although the account works, and `plan_gaps` what its plan
    lacks. `failure` is the kind of failure, and `reason` tells it. `credentials` are the keys of the configuration that
    have them.
    """

    account: str
    provider: str
    reachable: bool | None
    authenticated: bool | None
    seconds: float
    missing: tuple[str, ...] = ()
    plan_gaps: tuple[str, ...] = ()
    failure: ErrorCode | None = None
    address: str = ""
    reason: str = ""
    credentials: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """False if the account cannot be used. An account whose provider offers no check counts as usable."""
        return self.failure in {None, ErrorCode.UNSUPPORTED}


async def check(accounts: Iterable[Account], clock: Clock) -> list[Finding]:
    """Makes for every account the cheapest call that needs its credentials, for all at the same time."""
    return list(await asyncio.gather(*(_check(account, clock) for account in accounts)))


async def check_cache(settings: CacheSettings, clock: Clock) -> list[Finding]:
    """Writes to the cache server, reads and deletes, with every command that Linkweave uses. Empty without a server."""
    storage = open_storage(settings, clock)
    started = clock.monotonic()
    try:
        if storage.valkey is None:
            return []
        outage = await storage.valkey.probe()
    finally:
        await storage.close()
    found = Finding(CACHE, "Valkey", True, True, clock.monotonic() - started, address="cache.url")  # noqa: FBT003 - both are the good case
    if outage is None:
        return [found]
    reachable = outage.kind is not OutageKind.UNREACHABLE
    authenticated = outage.kind is OutageKind.REFUSING if reachable else None
    failure = ErrorCode.UNAUTHENTICATED if authenticated is False else ErrorCode.UNAVAILABLE
    reason = f"the server at cache.url {outage.reason}"
    return [replace(found, reachable=reachable, authenticated=authenticated, failure=failure, reason=reason)]


async def check_catalog(settings: CatalogSettings, folder: Path, clock: Clock) -> list[Finding]:
    """Writes to the catalog's database, if it has its tables. A path begins at `folder`. Empty without a catalog.

    Raises:
        ConfigurationError: the packages that this database needs are not installed.
    """
    if settings.url is None:
        return []
    # A gateway without a catalog needs no database library.
    from linkweave.catalog.catalog import open_catalog  # noqa: PLC0415

    started = clock.monotonic()
    catalog = open_catalog(settings, settings.url, clock, folder)
    try:
        problem = await catalog.database.check()
        name = "PostgreSQL" if catalog.database.is_postgresql else "SQLite"
    finally:
        await catalog.close()
    seconds = clock.monotonic() - started
    failure = None if problem is None else ErrorCode.UNAVAILABLE
    usable = problem is None
    return [Finding(CATALOG, name, usable, None, seconds, failure=failure, address="catalog.url", reason=problem or "")]


async def _check(account: Account, clock: Clock) -> Finding:
    started = clock.monotonic()
    settings = account.settings
    found = Finding(
        account.key,
        account.provider.name,
        reachable=True,
        authenticated=True,
        seconds=0,
        address=account.provider.api_url(settings),
        credentials=_credentials(settings),
        plan_gaps=account.provider.plan_gaps(settings),
    )
    try:
        missing = await account.adapter.probe()
    except VendorError as error:
        return replace(
            found,
            seconds=clock.monotonic() - started,
            reachable=None if isinstance(error, UnsupportedError) else not isinstance(error, _UNREACHABLE),
            authenticated=_authenticated(error),
            failure=error.code,
            reason=error.message,
        )
    missing = (*missing, *_too_much_for_plan(account))
    return replace(found, seconds=clock.monotonic() - started, missing=missing)


def _too_much_for_plan(account: Account) -> tuple[str, ...]:
    """What the configuration asks for that the plan cannot do."""
    quotas = account.provider.call_quotas(account.settings) if account.settings.warm else ()
    return tuple(
        f"warm = true makes calls all day, and the plan has {quota.calls:,} in {quota.days} days" for quota in quotas
    )


def _credentials(settings: AccountSettings) -> tuple[str, ...]:
    """Returns the provider's own keys that every account needs, or that are secret."""
    own = {name: each for name, each in type(settings).model_fields.items() if name not in AccountSettings.model_fields}
    return tuple(name for name in own if own[name].is_required() or isinstance(getattr(settings, name), SecretStr))


def _authenticated(error: VendorError) -> bool | None:
    if isinstance(error, _UNREACHABLE) or error.code in _INCONCLUSIVE:
        return None
    return error.code is not ErrorCode.UNAUTHENTICATED
