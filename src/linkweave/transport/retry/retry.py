"""Reads that failed for a moment are sent once more, as long as that is no burden: never a write, never for long.

Of all calls to an account, at most one in six is a repetition: a vendor that is down is not asked much more for it.
"""

from dataclasses import dataclass, field
from typing import Final

import stamina
import stamina.instrumentation

from linkweave.clock import Clock
from linkweave.context.call_context import current_priority
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import CircuitOpenError, LocalRateLimitError, QuotaKnownExhaustedError, VendorError
from linkweave.observability import NOBODY, Observer
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.retry.retry_after import retry_after

ATTEMPTS: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.1
MAX_PAUSE_SECONDS: Final = 2.0
JITTER_SECONDS: Final = 0.2
# A vendor that wants more time than this is asked another time.
MAX_RETRY_AFTER_SECONDS: Final = 10.0
# So many calls earn one repetition.
CALLS_PER_RETRY: Final = 5
_MAX_SAVED_RETRIES: Final = 10

# The gateway's own refusals: no call was made.
_NOT_MADE: Final = (LocalRateLimitError, CircuitOpenError, QuotaKnownExhaustedError)


def silence_retries() -> None:
    """Keep stamina from logging and counting by itself; the observer hears of every retry."""
    stamina.instrumentation.set_on_retry_hooks(())


class RetryBudget:
    """Repetitions that an account has earned: one for every `CALLS_PER_RETRY` calls, and none to begin with."""

    def __init__(self) -> None:
        self._earned = 0

    def earn(self) -> None:
        """A call was made that is no repetition."""
        self._earned = min(self._earned + 1, _MAX_SAVED_RETRIES * CALLS_PER_RETRY)

    def spend(self) -> bool:
        """Whether one more repetition is allowed; it then counts as made."""
        if self._earned < CALLS_PER_RETRY:
            return False
        self._earned -= CALLS_PER_RETRY
        return True


@dataclass(frozen=True, slots=True)
class Retrying:
    """Sends a read again after a failure that says it may be, with growing pauses, or when the vendor says.

    What nobody waits for is not sent again: it will be, when somebody asks.
    """

    inner: Transport
    account: str
    clock: Clock
    observer: Observer = NOBODY
    budget: RetryBudget = field(default_factory=RetryBudget)

    async def send(self, call: Call) -> Answer:
        """Send `call`; the last outcome is what is answered or raised.

        Raises:
            VendorError: no complete answer came.
        """
        if call.writes:
            return await self.inner.send(call)
        caller = stamina.AsyncRetryingCaller(
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=FIRST_PAUSE_SECONDS,
            wait_max=MAX_PAUSE_SECONDS,
            wait_jitter=JITTER_SECONDS,
        )
        attempts = _Attempts(self, call)
        try:
            return await caller(attempts.pause, attempts.make)
        except _RefusedError as last:
            return last.answer


class _RefusedError(Exception):
    """An answer that says to ask again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(slots=True)
class _Attempts:
    """The attempts at one call."""

    layer: Retrying
    call: Call
    made: int = 0
    last: VendorError | _RefusedError | None = None
    over: bool = False

    async def make(self) -> Answer:
        """One attempt."""
        try:
            answer = await self.layer.inner.send(self.call)
        except _NOT_MADE:
            if self.last is None:
                raise
            # Why the repetition was not made says less than why there was to be one.
            self.over = True
            raise self.last from None
        except VendorError as error:
            self._count()
            self.last = error
            raise
        self._count()
        if answer.refusal is not None and answer.refusal.kind.safe_to_repeat:
            self.last = _RefusedError(answer)
            raise self.last
        return answer

    def pause(self, error: Exception) -> bool | float:
        """Seconds to wait before the next attempt, True for the usual time; False when there is to be none."""
        if self.over or self.made >= ATTEMPTS or current_priority().background:
            return False
        told = None
        if isinstance(error, _RefusedError):
            told = retry_after(error.answer, self.layer.clock.now())
        elif not isinstance(error, VendorError) or isinstance(error, _NOT_MADE) or not error.safe_to_repeat:
            return False
        longest = min(MAX_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (self.made - 1) + JITTER_SECONDS)
        if not self._in_time(longest if told is None else told) or not self.layer.budget.spend():
            return False
        self.layer.observer.retried(self.layer.account, self.call.operation)
        return True if told is None else told

    def _in_time(self, seconds: float) -> bool:
        left = remaining_seconds(self.layer.clock)
        return seconds <= MAX_RETRY_AFTER_SECONDS if left is None else seconds < min(left, MAX_RETRY_AFTER_SECONDS)

    def _count(self) -> None:
        if not self.made:
            self.layer.budget.earn()
        self.made += 1
