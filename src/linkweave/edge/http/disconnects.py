"""Cancels the work for clients that have disconnected."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.context.task_group import cancel_tasks

DISCONNECT: Final = "http.disconnect"


async def finishes_before_disconnect(work: asyncio.Future[Any], receive: Receive) -> bool:
    """Whether `work` ends before its client disconnects. `receive` must have returned the whole body already."""
    if work.done():
        return True
    listening = asyncio.ensure_future(until_disconnect(receive))
    try:
        await asyncio.wait({work, listening}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        listening.cancel()
    return work.done()


async def run_for_client(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run `app` for a request whose body was read, and cancel it when the client disconnects."""
    running = asyncio.ensure_future(run_cancellable(app, scope, send))
    try:
        if await finishes_before_disconnect(running, receive):
            running.result()
    finally:
        if not running.done():
            running.cancel()
            # The app's own clean-up has ended when this function returns.
            await asyncio.wait({running})


async def run_cancellable(app: ASGIApp, scope: Scope, send: Send) -> None:
    """Run `app` for a request whose body was read. Cancelling this cancels every task that it has started."""

    async def receive() -> Message:
        # A client that disconnects has the app cancelled, so the app need not be told.
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return] # never done

    try:
        await app(scope, receive, send)
    except asyncio.CancelledError:
        cancel_tasks()
        raise


async def until_disconnect(receive: Receive) -> None:
    """Returns once the client has disconnected. `receive` must have returned the whole body already."""
    with suppress(Exception):
        if (await receive())["type"] == DISCONNECT:
            return
    # Another message, or a server that fails, does not mean that the client has disconnected.
    await asyncio.get_running_loop().create_future()
