"""Bodies that are read to their end before anybody looks at them."""

from starlette.types import Message, Receive


async def read_body(receive: Receive) -> tuple[bytes | None, Receive]:
    """The body, and a `receive` that gives it again and what comes after it.

    The body is None where it ends before all of it has come: who reads on finds out. How long it may be, and how long
    it may take, is for the layers above to say.
    """
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return message.get("body", b""), again([message], receive)
    messages = [message]
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body"):
        messages.append(await receive())
    complete = messages[-1]["type"] == "http.request"
    return b"".join(each.get("body", b"") for each in messages) if complete else None, again(messages, receive)


def again(messages: list[Message], receive: Receive) -> Receive:
    """Gives `messages`, and then what `receive` gives."""
    waiting = messages[::-1]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
