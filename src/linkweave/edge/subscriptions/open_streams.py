"""The streams of an app: how many each client has, and how all of them end."""

import asyncio
from collections import Counter
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
        self._check_end()
        if self._counts[client] >= self._max_streams:
            raise StreamEndedError(TOO_MANY)

    def opened(self, client: str) -> "_Opened":
        """Returns a context that counts a stream of `client`, and ends it together with all streams.

        Raises:
            StreamEndedError: the client may not open it, as the context finds when it is entered.
        """
        return _Opened(self, client)

    def connected(self) -> "_Opened":
        """Returns a context that ends what runs inside of it together with all streams, such as a WebSocket.

        Raises:
            StreamEndedError: they have ended already, as the context finds when it is entered.
        """
        return _Opened(self, None)

    def end_all(self, end: StreamEnd = RESTARTING) -> None:
        """Ends all streams, and opens no more."""
        self._end = end
        for ending in tuple(self._endings):
            if not ending.done():
                ending.set_result(end)

    def add(self, client: str | None) -> Ending:
        """Counts a stream of `client`, or nothing for None. Returns what tells of its end."""
        if client is None:
            self._check_end()
        else:
            self.check(client)
            self._counts[client] += 1
        ending: Ending = asyncio.get_running_loop().create_future()
        self._endings.add(ending)
        return ending

    def remove(self, client: str | None, ending: Ending) -> None:
        """Forgets the stream."""
        self._endings.discard(ending)
        if client is not None:
            self._counts[client] -= 1
            if not self._counts[client]:
                del self._counts[client]

    def _check_end(self) -> None:
        if self._end is not None:
            raise StreamEndedError(self._end)


class _Opened:
    """A context. A generator would take 700 bytes of each idle stream."""

    __slots__ = ("_client", "_ending", "_streams")

    def __init__(self, streams: OpenStreams, client: str | None) -> None:
        self._streams = streams
        self._client = client

    def __enter__(self) -> Ending:
        self._ending = self._streams.add(self._client)
        return self._ending

    def __exit__(self, *_: object) -> None:
        self._streams.remove(self._client, self._ending)
