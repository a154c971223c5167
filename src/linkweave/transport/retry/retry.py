"""Sends a read again that failed for a moment, unless that would be a burden: never a write, and never for long.

Of all calls to an account, at most one in six is a repetition, so that a vendor that is down gets few calls more.
"""

from dataclasses import dataclass, field
from typing import Final

import stamina
import stamina.instrumentation

from linkweave.clock import Clock
from linkweave.context.call_context import current_priority
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import CircuitOpenError, LocalRateLimitError, QuotaKnownExhaustedError, VendorError
from linkweave.observability import NO_OBSERVER, Observer
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.retry.retry_after import read_retry_after

ATTEMPTS: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.1
MAX_PAUSE_SECONDS: Final = 2.0
JITTER_SECONDS: Final = 0.2
# Seconds of Retry-After beyond which the call is not sent again.
MAX_RETRY_AFTER_SECONDS: Final = 10.0
# Number of calls that earn one repetition.
CALLS_PER_RETRY: Final = 5
_MAX_SAVED_RETRIES: Final = 10

# The gateway's own refusals: no call was made.
_NOT_MADE: Final = (LocalRateLimitError, CircuitOpenError, QuotaKnownExhaustedError)


def silence_retries() -> None:
    """Turns off stamina's own logging and metrics; the observer receives every retry."""
    stamina.instrumentation.set_on_retry_hooks(())


class RetryBudget:
    """Counts the repetitions that an account has earned: one for every `CALLS_PER_RETRY` calls, at first none."""

    def __init__(self) -> None:
        self._calls = 0

    def earn(self) -> None:
        """Counts a call that is not a repetition."""
        self._calls = min(self._calls + 1, _MAX_SAVED_RETRIES * CALLS_PER_RETRY)

    def spend(self) -> bool:
        """Whether one more repetition may be made; if so, count it as made."""
        if self._calls < CALLS_PER_RETRY:
            return False
        self._calls -= CALLS_PER_RETRY
        return True


@dataclass(frozen=True, slots=True)
class Retrying:
    """Sends a read again if its failure allows that, after growing pauses or after the vendor's Retry-After.

    A call in the background is not sent again: the next caller will send it.
    """

    inner: Transport
    account: str
    clock: Clock
    observer: Observer = NO_OBSERVER
    budget: RetryBudget = field(default_factory=RetryBudget)

    async def send(self, call: Call) -> Answer:
        """Sends `call`, and returns or raises the outcome of the last attempt.

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
        except _RefusedAnswerError as last:
            return last.answer


class _RefusedAnswerError(Exception):
    """An answer whose refusal allows another attempt."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(slots=True)
class _Attempts:
    """The attempts at one call."""

    layer: Retrying
    call: Call
    made: int = 0
    last: VendorError | _RefusedAnswerError | None = None
    stopped: bool = False

    async def make(self) -> Answer:
        """Makes one attempt."""
        try:
            answer = await self.layer.inner.send(self.call)
        except _NOT_MADE:
            if self.last is None:
                raise
            # The gateway refused the repetition. The vendor's failure before it says more.
            self.stopped = True
            raise self.last from None
        except VendorError as error:
            self._count()
            self.last = error
            raise
        self._count()
        if answer.refusal is not None and answer.refusal.kind.safe_to_repeat:
            self.last = _RefusedAnswerError(answer)
            raise self.last
        return answer

    def pause(self, error: Exception) -> bool | float:
        """Seconds to wait before the next attempt, True for the default pause, False for no further attempt."""
        if self.stopped or self.made >= ATTEMPTS or current_priority().background:
            return False
        seconds = None
        if isinstance(error, _RefusedAnswerError):
            seconds = read_retry_after(error.answer, self.layer.clock.now())
        elif not isinstance(error, VendorError) or isinstance(error, _NOT_MADE) or not error.safe_to_repeat:
            return False
        default = min(MAX_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (self.made - 1) + JITTER_SECONDS)
        if not self._in_time(default if seconds is None else seconds) or not self.layer.budget.spend():
            return False
        self.layer.observer.call_retried(self.layer.account, self.call.operation)
        return True if seconds is None else seconds

    def _in_time(self, seconds: float) -> bool:
        left = remaining_seconds(self.layer.clock)
        return seconds <= MAX_RETRY_AFTER_SECONDS if left is None else seconds < min(left, MAX_RETRY_AFTER_SECONDS)

    def _count(self) -> None:
        if not self.made:
            self.layer.budget.earn()
        self.made += 1
