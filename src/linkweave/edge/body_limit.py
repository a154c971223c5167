"""No body is read further than it may be long."""

from starlette.types import Message, Receive


class BodyTooLargeError(Exception):
    """More came than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit} bytes.")


def limited(receive: Receive, limit: int) -> Receive:
    """`receive`, raising BodyTooLargeError once more than `limit` bytes of body have come."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLargeError(limit)
        return message

    return receive_limited
