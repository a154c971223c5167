"""`linkweave check`: whether every account is reachable and its vendor accepts its credentials."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

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

_UNREACHABLE = (UnavailableError, VendorTimeoutError, BadResponseError)
_INCONCLUSIVE = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.UNSUPPORTED})


@dataclass(frozen=True, slots=True)
class Finding:
    """The result for one account. `reachable` and `authenticated` are None if that is unknown.

    `missing` describes what is wrong; `failure` is why the account cannot be used.
    """

    account: str
    provider: str
    reachable: bool | None
    authenticated: bool | None
    seconds: float
    missing: tuple[str, ...] = ()
    failure: ErrorCode | None = None

    @property
    def usable(self) -> bool:
        """False if the account cannot be used. An account whose provider offers no check counts as usable."""
        return self.failure in {None, ErrorCode.UNSUPPORTED}


async def check(accounts: Iterable[Account], clock: Clock) -> list[Finding]:
    """Makes for every account the cheapest call that needs its credentials, for all at the same time."""
    return list(await asyncio.gather(*(_check(account, clock) for account in accounts)))


async def _check(account: Account, clock: Clock) -> Finding:
    started = clock.monotonic()
    name = account.provider.name
    try:
        missing = await account.adapter.probe()
    except VendorError as error:
        reachable = None if isinstance(error, UnsupportedError) else not isinstance(error, _UNREACHABLE)
        seconds = clock.monotonic() - started
        return Finding(account.key, name, reachable, _authenticated(error), seconds, (_advice(error),), error.code)
    return Finding(account.key, name, True, True, clock.monotonic() - started, missing)  # noqa: FBT003 - both are the good case


def _authenticated(error: VendorError) -> bool | None:
    if isinstance(error, _UNREACHABLE) or error.code in _INCONCLUSIVE:
        return None
    return error.code is not ErrorCode.UNAUTHENTICATED


def _advice(error: VendorError) -> str:
    if error.code is ErrorCode.UNAUTHENTICATED:
        return f"{error.message}: check this account's credentials"
    if error.code is ErrorCode.FORBIDDEN:
        return f"{error.message}: the credentials are known but may not do this"
    if isinstance(error, _UNREACHABLE):
        return f"{error.message}: check base_url and the network"
    return error.message
