"""What `linkweave check` finds out: whether every account can be reached and knows its credentials."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from linkweave.accounts import Account
from linkweave.clock import Clock
from linkweave.errors import BadResponseError, ErrorCode, UnavailableError, VendorError, VendorTimeoutError

_UNREACHABLE = (UnavailableError, VendorTimeoutError, BadResponseError)
_REFUSED = frozenset({ErrorCode.UNAUTHENTICATED, ErrorCode.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """What one account answered. `authenticated` is None where that could not be found out."""

    account: str
    provider: str
    reachable: bool
    authenticated: bool | None
    seconds: float
    missing: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """True when the account can be used."""
        return self.reachable and self.authenticated is True


async def check(accounts: Iterable[Account], clock: Clock) -> list[Finding]:
    """Ask every account the cheapest question that needs its credentials, all at the same time."""
    return list(await asyncio.gather(*(_check(account, clock) for account in accounts)))


async def _check(account: Account, clock: Clock) -> Finding:
    started = clock.monotonic()
    try:
        missing = await account.adapter.probe()
    except VendorError as error:
        reachable = not isinstance(error, _UNREACHABLE)
        known = None if not reachable else error.code not in _REFUSED
        advice = _advice(error)
        return Finding(account.key, account.provider.name, reachable, known, clock.monotonic() - started, advice)
    return Finding(account.key, account.provider.name, True, True, clock.monotonic() - started, missing)  # noqa: FBT003 - both are the good case


def _advice(error: VendorError) -> tuple[str, ...]:
    if error.code in _REFUSED:
        return (f"{error.message}: check this account's credentials",)
    if isinstance(error, _UNREACHABLE):
        return (f"{error.message}: check base_url and the network",)
    return (error.message,)
