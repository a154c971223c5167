"""uvicorn's WebSockets, with a limit for clients that do not read."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

# Maximum size of a client's message.
MAX_MESSAGE_BYTES: Final = 1_000_000


class BoundedWebSocket(WSProtocol):
    """One WebSocket. It is aborted when its client takes nothing of what waits for it for `stalled_seconds`."""

    def __init__(self, *args: Any, stalled_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stalled_seconds = stalled_seconds
        self._stall_timer: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Watch whether the client takes anything of what waits for it."""
        super().pause_writing()
        self._watch_stall(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop watching: the client has taken nearly all."""
        self._stop_watching()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._stop_watching()
        super().connection_lost(exc)

    def _watch_stall(self, bytes_before: int) -> None:
        self._stall_timer = self.loop.call_later(self._stalled_seconds, self._abort_if_stalled, bytes_before)

    def _abort_if_stalled(self, bytes_before: int) -> None:
        bytes_now = self.transport.get_write_buffer_size()
        if bytes_now < bytes_before:
            self._watch_stall(bytes_now)
        else:
            self.transport.abort()

    def _stop_watching(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None
