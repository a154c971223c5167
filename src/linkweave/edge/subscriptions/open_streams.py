"""The streams of an app: how many each client has, and how all of them end."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from linkweave.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """Why the gateway ends a stream: the code with which a WebSocket is closed, and an error for the client."""

    close_code: int
    code: ErrorCode
    reason: str


TOKEN_GONE: Final = StreamEnd(4401, ErrorCode.UNAUTHENTICATED, "The token is not accepted any more.")
RESTARTING: Final = StreamEnd(1012, ErrorCode.UNAVAILABLE, "The gateway stops or has been configured anew: come back.")
TOO_SLOW: Final = StreamEnd(1013, ErrorCode.RATE_LIMITED, "Too many events wait: this client reads too slowly.")
TOO_MANY: Final = StreamEnd(4429, ErrorCode.RATE_LIMITED, "This client has too many streams.")
FAILED: Final = StreamEnd(1011, ErrorCode.INTERNAL, "Something went wrong in the gateway.")

# Is done when the gateway ends the stream.
Ending: TypeAlias = "asyncio.Future[StreamEnd]"


class StreamEndedError(Exception):
    """The gateway ends a stream, or does not open it."""

    def __init__(self, end: StreamEnd) -> None:
        super().__init__(end.reason)
        self.end = end


class OpenStreams:
    """The streams and WebSockets that are open, of which a client has at most `max_streams` each."""

    def __init__(self, max_streams: int) -> None:
        self._max_streams = max_streams
        self._counts: Counter[str] = Counter()
        self._endings: set[Ending] = set()
        self._end: StreamEnd | None = None

    def check(self, client: str) -> None:
        """Checks that `client` may open a stream.

        Raises:
            StreamEndedError: it may not.
        """
        if self._end is not None:
            raise StreamEndedError(self._end)
        if self._counts[client] >= self._max_streams:
            raise StreamEndedError(TOO_MANY)

    @contextmanager
    def opened(self, client: str) -> Iterator[Ending]:
        """Counts a stream of `client` inside of the block.

        Raises:
            StreamEndedError: the client may not open it.
        """
        self.check(client)
        self._counts[client] += 1
        try:
            with self.connected() as ending:
                yield ending
        finally:
            self._counts[client] -= 1
            if not self._counts[client]:
                del self._counts[client]

    @contextmanager
    def connected(self) -> Iterator[Ending]:
        """Ends what runs inside of the block together with all streams, such as a WebSocket.

        Raises:
            StreamEndedError: they have ended already.
        """
        if self._end is not None:
            raise StreamEndedError(self._end)
        ending: Ending = asyncio.get_running_loop().create_future()
        self._endings.add(ending)
        try:
            yield ending
        finally:
            self._endings.discard(ending)

    def end_all(self, end: StreamEnd = RESTARTING) -> None:
        """Ends all streams, and opens no more."""
        self._end = end
        for ending in tuple(self._endings):
            if not ending.done():
                ending.set_result(end)
