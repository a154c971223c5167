"""Who has hung up is not worked for any longer."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.context.task_group import cancel_tasks

GONE: Final = "http.disconnect"


async def outlasts(work: asyncio.Future[Any], receive: Receive) -> bool:
    """Whether `work` ends before its client hangs up. The client's request must have been read to its end."""
    listening = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({work, listening}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        listening.cancel()
    return work.done()


async def run_for_client(app: ASGIApp, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
    """Let `app` answer the request whose `body` was read, and cancel it when the client hangs up."""
    running = asyncio.ensure_future(cancellable(app, scope, body, send))
    try:
        if await outlasts(running, receive):
            running.result()
    finally:
        if not running.done():
            running.cancel()
            # It is over when this returns, with all that it had to tidy up.
            await asyncio.wait({running})


async def cancellable(app: ASGIApp, scope: Scope, body: bytes, send: Send) -> None:
    """Let `app` answer a request that is all there. Cancelling this ends all that it has begun."""
    unread = [body]

    async def receive() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        # Whoever hangs up is cancelled, and needs not be told.
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return] # never done

    try:
        await app(scope, receive, send)
    except asyncio.CancelledError:
        cancel_tasks()
        raise


async def _gone(receive: Receive) -> None:
    with suppress(Exception):
        if (await receive())["type"] == GONE:
            return
    # A server that says anything else of a client whose request is complete, or fails, does not say that it is gone.
    await asyncio.get_running_loop().create_future()
