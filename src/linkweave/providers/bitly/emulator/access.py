"""Lets calls in: by token, within the fixed windows of each endpoint, and within the calls of the month."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from linkweave.providers.bitly.emulator.refusals import refused
from linkweave.providers.bitly.emulator.store import User
from linkweave.providers.emulator_kit import EmulatorOptions, bearer_token

# DOC: a minute has a tenth of the hour's calls. The figure is that of POST /shorten.
CALLS_AN_HOUR: Final = 1_000
_CALLS_A_MINUTE: Final = CALLS_AN_HOUR // 10


class Access:
    """The users by their tokens, and what was called in which window."""

    def __init__(self, options: EmulatorOptions, users: Mapping[str, User]) -> None:
        self.users = users
        self._options = options
        self._windows: Counter[tuple[str, str, str, int]] = Counter()

    def admit(self, request: Request, template: str) -> User:
        """The user of a call, which is counted."""
        user = self.users.get(bearer_token(request) or "")
        if user is None:
            raise refused("FORBIDDEN")
        month = user.month()
        if user.calls[month] >= user.plan.calls:
            raise refused("MONTHLY_API_LIMIT_EXCEEDED")
        user.calls[month] += 1
        for window, seconds, limit in (("minute", 60, _CALLS_A_MINUTE), ("hour", 3_600, CALLS_AN_HOUR)):
            key = (user.login, f"{request.method} {template}", window, self._number_of(seconds))
            self._windows[key] += 1
            if self._options.rate_limits and self._windows[key] > limit:
                raise refused("RATE_LIMIT_EXCEEDED")
        return user

    def counts(self, user: User) -> Mapping[str, int]:
        """The calls of this hour by method and template."""
        hour = self._number_of(3_600)
        return {
            line: count
            for (login, line, window, number), count in self._windows.items()
            if (login, window, number) == (user.login, "hour", hour)
        }

    def _number_of(self, seconds: int) -> int:
        """The number of the current window; windows are fixed, and begin with the minute and the hour."""
        return int(self._options.clock.now().timestamp()) // seconds
