"""Keeps the calls of the free plan within its year: 800 (DOC). A call too many is not made."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from linkweave.clock import Clock
from linkweave.errors import QuotaKnownExhaustedError, VendorError
from linkweave.providers.picsee.wire import StatusAnswer
from linkweave.transport.call import Call, Send
from linkweave.transport.http.auth import Credentials, StaticCredentials

STATUS: Final = "/v2/my/api/status"
CALLS_BETWEEN_COUNTS: Final = 50
"""Number of calls after which PicSee is asked for its own count: other workers and clients make calls as well."""
RECOUNT_SECONDS: Final = 3600.0
"""Seconds after which PicSee is asked again, where its count could not be read or leaves no call."""


@dataclass(slots=True)
class YearlyBudget(StaticCredentials):
    """Signs calls as `token` does, while PicSee's own count of the year's calls leaves some.

    PicSee is asked before the first call. Where its count cannot be read, calls go on.
    """

    token: Credentials
    account: str
    clock: Clock
    _left: int | None = None
    _calls: int = CALLS_BETWEEN_COUNTS
    _count_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def sign(self, call: Call, send: Send) -> Call:
        """Returns `call` with the token on it.

        Raises:
            QuotaKnownExhaustedError: the year's calls are used up; no call was made.
        """
        if call.path != STATUS:
            async with self._lock:
                if self._needs_count():
                    await self._count(send)
            if self._left is not None and self._left <= 0:
                message = f"{self.account} has used up the calls of its free plan for this year ({call.operation})"
                raise QuotaKnownExhaustedError(
                    message, account=self.account, operation=call.operation, retry_after=RECOUNT_SECONDS
                )
        self._calls += 1
        self._left = None if self._left is None else self._left - 1
        return await self.token.sign(call, send)

    def _needs_count(self) -> bool:
        if self._left is None or self._left <= 0:
            return self.clock.monotonic() >= self._count_at
        return self._calls >= CALLS_BETWEEN_COUNTS

    async def _count(self, send: Send) -> None:
        """Asks PicSee how many calls of the year are left; None where it does not tell."""
        self._count_at, self._calls = self.clock.monotonic() + RECOUNT_SECONDS, 0
        call = Call("count the calls of the year", "GET", STATUS, bucket="status")
        try:
            answer = await send(await self.token.sign(call, send))
            status = StatusAnswer.model_validate(answer.data).data
        except (VendorError, ValidationError):
            return
        known = status.quota is not None and status.usage is not None
        self._left = (status.quota or 0) - (status.usage or 0) if known else None
