"""Bodies that are read to their end before anybody looks at them."""

from starlette.types import Message, Receive


async def read_body(receive: Receive, limit: int) -> tuple[bytes | None, Receive]:
    """The body, and a `receive` that gives it again and what comes after it.

    The body is None where it is longer than `limit`, or ends before all of it has come: who reads on finds out.
    """
    message = await receive()
    body = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body") and len(body) <= limit:
        return body, again([message], receive)
    messages = [message]
    size = len(body)
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body") and size <= limit:
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
    complete = messages[-1]["type"] == "http.request" and size <= limit
    return b"".join(each.get("body", b"") for each in messages) if complete else None, again(messages, receive)


def again(messages: list[Message], receive: Receive) -> Receive:
    """Gives `messages`, and then what `receive` gives."""
    waiting = messages[::-1]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
