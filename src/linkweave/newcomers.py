"""Keeps new connections from a socket that is about to be closed, so that none of them is accepted and then lost."""

import ctypes
import socket
import struct
from contextlib import suppress
from typing import Final

# Not in Python's socket module.
_SO_ATTACH_FILTER: Final = 26
# Of a packet's TCP header: load the byte of flags; drop the packet if it has SYN; else let it pass.
_DROP_SYN: Final = ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFFFFFF))


def keep_newcomers_out(listener: socket.socket) -> None:
    """Let nobody else begin to connect to `listener`, in any process that has it.

    Who tries waits, tries again a second later, as TCP does, and is refused then if the socket is closed. Closed
    without this, it would reset those who had connected and not yet been accepted. Where there is no such filter,
    nothing is done.
    """
    program = b"".join(struct.pack("HBBI", *step) for step in _DROP_SYN)
    held = ctypes.create_string_buffer(program)
    with suppress(OSError):
        listener.setsockopt(
            socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", len(_DROP_SYN), ctypes.addressof(held))
        )
