"""uvicorn's WebSockets, with a limit for clients that do not read."""

from typing import Any, Final

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from linkweave.server.stall_watch import StallWatch

# Maximum size of a client's message.
MAX_MESSAGE_BYTES: Final = 1_000_000


class BoundedWebSocket(WSProtocol):
    """One WebSocket. It is aborted when its client takes nothing of what waits for it for `stalled_seconds`."""

    def __init__(self, *args: Any, stalled_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stall_watch = StallWatch(self.loop, stalled_seconds)

    def pause_writing(self) -> None:
        """Watch whether the client takes anything of what waits for it."""
        super().pause_writing()
        self._stall_watch.start(self.transport)

    def resume_writing(self) -> None:
        """Stop watching: the client has taken nearly all."""
        self._stall_watch.stop()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._stall_watch.stop()
        super().connection_lost(exc)
