"""Keeps the calls of small plans within their month: 1,000 on the free one (FOUND). A call too many is not made."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from linkweave.clock import Clock
from linkweave.errors import QuotaKnownExhaustedError, VendorError
from linkweave.providers.bitly.account_wire import GroupsAnswer, PlanLimitsAnswer
from linkweave.providers.bitly.months import next_month
from linkweave.providers.tolerant_reader import UnreadableError, read_tolerantly
from linkweave.providers.wire import TolerantWire
from linkweave.transport.call import Call, Send
from linkweave.transport.http.auth import Credentials, StaticCredentials

CALLS_BETWEEN_COUNTS: Final = 50
"""Number of calls after which Bitly is asked for its own count: other workers and clients make calls as well."""
RECOUNT_SECONDS: Final = 86_400.0
"""Seconds after which Bitly is asked again, where its count could not be read or leaves no call."""

_OPERATION: Final = "count the calls of the month"

Answer = TypeVar("Answer", bound=TolerantWire)


@dataclass(slots=True)
class MonthlyBudget(StaticCredentials):
    """Signs calls as `token` does, while Bitly's own count of the month's calls leaves some.

    Bitly is asked before the first call. Where its count cannot be read, calls go on.
    """

    token: Credentials
    account: str
    group: str | None
    clock: Clock
    _left: int | None = None
    _calls: int = CALLS_BETWEEN_COUNTS
    _count_at: float = float("-inf")
    _organization: str | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def sign(self, call: Call, send: Send) -> Call:
        """Returns `call` with the token on it.

        Raises:
            QuotaKnownExhaustedError: the month's calls are used up; no call was made.
        """
        async with self._lock:
            if self._needs_count():
                await self._count(send)
        if self._left is not None and self._left <= 0:
            message = f"{self.account} has used up the calls of its plan for this month ({call.operation})"
            now = self.clock.now()
            seconds = (next_month(now) - now).total_seconds()
            raise QuotaKnownExhaustedError(message, account=self.account, operation=call.operation, retry_after=seconds)
        self._spend()
        return await self.token.sign(call, send)

    def _needs_count(self) -> bool:
        if self._left is None or self._left <= 0:
            return self.clock.monotonic() >= self._count_at
        return self._calls >= CALLS_BETWEEN_COUNTS

    def _spend(self) -> None:
        self._calls += 1
        self._left = None if self._left is None else self._left - 1

    async def _count(self, send: Send) -> None:
        """Asks Bitly how many calls of the month are left; None where it does not tell."""
        now = self.clock.now()
        until_next_month = (next_month(now) - now).total_seconds()
        self._count_at = self.clock.monotonic() + min(RECOUNT_SECONDS, until_next_month)
        self._calls, self._left = 0, None
        if self._organization is None:
            groups = await self._ask(send, "/groups", GroupsAnswer)
            self._organization = None if groups is None else _only(groups.organizations(), self.group)
        if self._organization is not None:
            limits = await self._ask(send, f"/organizations/{self._organization}/plan_limits", PlanLimitsAnswer)
            self._left = None if limits is None else limits.calls_left()

    async def _ask(self, send: Send, path: str, model: type[Answer]) -> Answer | None:
        try:
            answer = await send(await self.token.sign(Call(_OPERATION, "GET", path), send))
            return None if answer.refusal is not None else read_tolerantly(model, answer.data)
        except (VendorError, UnreadableError):
            return None


def _only(organizations: Mapping[str, str], group: str | None) -> str | None:
    """The organization of `group`; of the user's groups where none is configured, if they have one in common."""
    if group is not None:
        return organizations.get(group)
    names = set(organizations.values())
    return names.pop() if len(names) == 1 else None
