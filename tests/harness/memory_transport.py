"""A transport without a socket."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class MemoryTransport(asyncio.Transport):
    """A transport of which the test is the client."""

    written: bytearray = field(default_factory=bytearray)
    closed: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        """Nothing is read from anywhere."""

    resume_reading = pause_reading
