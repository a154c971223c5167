"""Bodies that are read to their end before they are used."""

from starlette.types import Message, Receive


async def read_body(receive: Receive) -> bytes | None:
    """Returns the whole body; None if the client disconnects before it is complete.

    The layers above bound its size and the time that it takes.
    """
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        return body
    pieces: list[bytes] = []
    while message["type"] == "http.request":
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)
        message = await receive()
    return None


def replay(message: Message, receive: Receive) -> Receive:
    """Returns a `receive` that returns `message` first, and then what `receive` returns."""
    unread = [message]

    async def receive_again() -> Message:
        return unread.pop() if unread else await receive()

    return receive_again
