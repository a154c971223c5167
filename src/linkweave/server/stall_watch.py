"""Watches whether the client of a connection reads."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class StallWatch:
    """Aborts a connection whose client takes nothing of what waits for it for `seconds`."""

    loop: asyncio.AbstractEventLoop
    seconds: float
    _timer: asyncio.TimerHandle | None = field(default=None, init=False)

    def start(self, transport: asyncio.Transport) -> None:
        """Begins when the client does not take all at once."""
        self._look_again(transport, transport.get_write_buffer_size())

    def stop(self) -> None:
        """Ends when the client has taken nearly all, or the connection is lost."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_again(self, transport: asyncio.Transport, bytes_before: int) -> None:
        self._timer = self.loop.call_later(self.seconds, self._abort_if_stalled, transport, bytes_before)

    def _abort_if_stalled(self, transport: asyncio.Transport, bytes_before: int) -> None:
        bytes_now = transport.get_write_buffer_size()
        if bytes_now < bytes_before:
            self._look_again(transport, bytes_now)
        else:
            transport.abort()
