"""Sends the webhooks of emulators to gateways on this machine, and to no others."""

import asyncio
import logging
from typing import Final

import httpx2

from linkweave.providers.emulator_kit import SentWebhook
from linkweave.settings import is_loopback

_SECONDS: Final = 10


class LoopbackDelivery:
    """Sends each webhook once, in a task of its own."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, webhook: SentWebhook) -> None:
        """Starts to send `webhook`, unless its address is on another machine."""
        if is_loopback(httpx2.URL(webhook.url).host):
            task = asyncio.get_running_loop().create_task(_deliver(webhook))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _deliver(webhook: SentWebhook) -> None:
    try:
        async with httpx2.AsyncClient(timeout=_SECONDS, trust_env=False) as http:
            await http.request(webhook.method, webhook.url, headers=dict(webhook.headers), content=webhook.body)
    except httpx2.HTTPError as error:
        logging.getLogger("linkweave.sandbox").warning("a webhook could not be sent: %s", type(error).__name__)
