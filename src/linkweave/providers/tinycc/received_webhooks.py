"""Reads the webhooks that tiny.cc sends, and makes one for each domain."""

from collections.abc import Sequence
from typing import ClassVar, Final

from linkweave.models.changes import NewWebhook
from linkweave.providers.tinycc.handles import LinkName
from linkweave.providers.tinycc.webhooks import WebhookWriter
from linkweave.providers.webhook_capabilities import (
    PlacedWebhook,
    WebhookNews,
    WebhookRefusedError,
    WebhookRequest,
    clicked,
    nested,
    read_hook,
)
from linkweave.providers.wire import Moment, Text, TolerantWire, Wire

_PAGE_SIZE: Final = 1_000
_CLICK: Final = "click"


class ClickedUrl(Wire):
    """FOUND. Of the visitor, `remote_addr`, `user_agent` and `accept_language` are not read."""

    hash: Text
    domain: Text
    referrer: str | None = None


class ClickWebhook(TolerantWire):
    """FOUND in the help pages. The form of `time` is not told."""

    event: Text
    time: Moment | None = None
    data: ClickedUrl


class _AnyWebhook(TolerantWire):
    event: Text


class WebhookReceiver(WebhookWriter):
    """RECEIVE_WEBHOOKS."""

    webhook_place: ClassVar[str] = "the settings of a domain, Webhooks"

    def read_webhook(self, request: WebhookRequest) -> WebhookNews:
        """Returns the click. There is no other event (FOUND), and no event has an id."""
        # A form has the fields of `data` as PHP writes them.
        data = nested(request.data) if request.is_form and isinstance(request.data, dict) else request.data
        if read_hook(_AnyWebhook, data).event != _CLICK:
            return WebhookNews()
        click = read_hook(ClickWebhook, data)
        name = LinkName.of(click.data.domain, click.data.hash)
        if name is None:
            raise WebhookRefusedError("data.hash and data.domain name no link")
        hint = clicked(str(name), at=click.time, referrer=click.data.referrer)
        return WebhookNews((hint,))

    async def webhook_places(self) -> Sequence[str]:
        """The domains of the account."""
        return [domain.name for domain in await self.list_domains()]

    async def placed_webhooks(self) -> Sequence[PlacedWebhook]:
        """Every webhook; that of a link or a tag has no place."""
        placed: list[PlacedWebhook] = []
        offset: int | None = 0
        while offset is not None:
            page = await self.list_webhooks(offset, _PAGE_SIZE)
            placed += [PlacedWebhook(each.id, each.url, each.domain or "") for each in page.items]
            offset = offset + len(page.items) if page.next is not None and page.items else None
        return placed

    async def place_webhook(self, place: str, url: str) -> str | None:
        """Make a webhook for a domain."""
        await self.create_webhook(NewWebhook(url, _CLICK, None, place, None, "post", None, "json", None))
        return None

    async def remove_webhook(self, webhook: PlacedWebhook) -> None:
        """Delete a webhook."""
        error = (await self.delete_webhooks([webhook.id]))[webhook.id]
        if error is not None:
            raise error
