"""An account whose calls are used up is left alone for a while, so that not every operation asks in vain."""

from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock
from linkweave.errors import QuotaExhaustedError, QuotaKnownExhaustedError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.retry.retry_after import retry_after

# No vendor says when its counters begin anew, nor tells of a plan that was upgraded meanwhile.
REMEMBERED_SECONDS: Final = 300.0


@dataclass(slots=True)
class QuotaGuard:
    """Refuses every call after one that reads was refused because the account's calls are used up.

    One that writes tells nothing: it may be links that are used up, and all else goes on.
    """

    inner: Transport
    account: str
    clock: Clock
    _used_up_until: float = float("-inf")

    async def send(self, call: Call) -> Answer:
        """Send `call` unless the account's calls are known to be used up.

        Raises:
            QuotaKnownExhaustedError: they are; no call was made.
        """
        left = self._used_up_until - self.clock.monotonic()
        if left > 0:
            message = f"{self.account} said a moment ago that its calls are used up ({call.operation})"
            raise QuotaKnownExhaustedError(message, account=self.account, operation=call.operation, retry_after=left)
        answer = await self.inner.send(call)
        if not call.writes and answer.refused_as(QuotaExhaustedError):
            seconds = retry_after(answer, self.clock.now()) or REMEMBERED_SECONDS
            self._used_up_until = self.clock.monotonic() + seconds
        return answer
