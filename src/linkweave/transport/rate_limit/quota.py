"""Makes no calls to an account for a while after the vendor has said that its quota is used up."""

from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock
from linkweave.errors import QuotaExhaustedError, QuotaKnownExhaustedError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.retry.retry_after import read_retry_after

# No vendor says when its quota is renewed, or that the plan was upgraded. So one call is made after each such time.
EXHAUSTED_SECONDS: Final = 300.0


@dataclass(slots=True)
class QuotaGuard:
    """Refuses every call for a while after a read was refused because the account's quota is used up.

    A refused write starts no such time: it may concern a quota of links, while all other calls go on.
    """

    inner: Transport
    account: str
    clock: Clock
    _exhausted_until: float = float("-inf")

    async def send(self, call: Call) -> Answer:
        """Sends `call` unless the account's quota is known to be used up.

        Raises:
            QuotaKnownExhaustedError: it is used up; no call was made.
        """
        left = self._exhausted_until - self.clock.monotonic()
        if left > 0:
            message = f"{self.account} said a moment ago that its quota of calls is used up ({call.operation})"
            raise QuotaKnownExhaustedError(message, account=self.account, operation=call.operation, retry_after=left)
        answer = await self.inner.send(call)
        if not call.writes and answer.refused_as(QuotaExhaustedError):
            seconds = read_retry_after(answer, self.clock.now()) or EXHAUSTED_SECONDS
            self._exhausted_until = self.clock.monotonic() + seconds
        return answer
