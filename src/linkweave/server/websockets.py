"""uvicorn's WebSockets, with a limit for clients that do not read."""

from typing import Any, Final

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto import WSConnection

from linkweave.server.idle_parts import Gate, Inbox
from linkweave.server.stall_watch import StallWatch

# Maximum size of a client's message.
MAX_MESSAGE_BYTES: Final = 1_000_000


class BoundedWebSocket(WSProtocol):
    """One WebSocket. It is aborted when its client takes nothing of what waits for it for `stalled_seconds`."""

    def __init__(self, *args: Any, stalled_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue: Any = Inbox()
        self.writable: Any = Gate()
        self.writable.set()
        self._stall_watch = StallWatch(self.loop, stalled_seconds)

    async def send(self, message: Any) -> None:
        """Send a message of the app."""
        await super().send(message)
        if isinstance(self.conn, WSConnection) and self.conn.connection is not None:
            # The rest of it is the handshake, which takes 6 kB.
            self.conn: Any = self.conn.connection

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
