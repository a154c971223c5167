"""Reads the webhooks that Short.io sends, and enters their address at each domain."""

from collections.abc import Sequence
from typing import ClassVar, Final

from pydantic import Field

from linkweave.errors import ConflictError
from linkweave.models.host_names import host_key
from linkweave.providers.shortio.account import AccountReader
from linkweave.providers.shortio.settings import LINK
from linkweave.providers.webhook_capabilities import (
    PlacedWebhook,
    WebhookNews,
    WebhookRefusedError,
    WebhookRequest,
    clicked,
    read_hook,
)
from linkweave.providers.wire import Flag, Moment, Text, TolerantWire
from linkweave.transport.call import Call

_SET: Final = "set webhook"
_GET: Final = "list webhooks"


class ClickWebhook(TolerantWire):
    """A click. The keys are those of a raw click (FOUND). `ip` and `ua` are not read."""

    host: Text
    path: Text
    dt: Moment | None = None
    country: str | None = None
    ref: str | None = None
    human: Flag | None = None


class SettingsAnswer(TolerantWire):
    """POST /domains/settings/{id}."""

    success: Flag | None = Field(default=None)


class WebhookReceiver(AccountReader):
    """RECEIVE_WEBHOOKS."""

    webhook_place: ClassVar[str] = "Domain settings, Tracking, of each domain"

    def read_webhook(self, request: WebhookRequest) -> WebhookNews:
        """Returns the click. Short.io tells of nothing else, signs nothing, and gives no id of an event."""
        click = read_hook(ClickWebhook, request.data)
        slug = click.path.strip("/")
        if not slug:
            raise WebhookRefusedError("path names no link")
        if click.human is False:
            return WebhookNews()
        hint = clicked(
            domain=host_key(click.host),
            slug=slug,
            at=click.dt,
            country=click.country,
            referrer=click.ref,
        )
        return WebhookNews((hint,))

    async def webhook_places(self) -> Sequence[str]:
        """The domains of the account."""
        return [row.name for row in await self.own_domains(_GET)]

    async def placed_webhooks(self) -> Sequence[PlacedWebhook]:
        """The address at each domain, which has one at most (DOC)."""
        return [
            PlacedWebhook(str(row.id), row.webhook_url, row.name)
            for row in await self.own_domains(_GET)
            if row.webhook_url
        ]

    async def place_webhook(self, place: str, url: str) -> str | None:
        """Enter the address at a domain, which must have none."""
        row = next((row for row in await self.own_domains(_SET) if row.name == place), None)
        if row is None:
            raise self.not_found(_SET, "domain")
        if row.webhook_url:
            problem = f"the domain {place} has another webhook, and Short.io allows one; take it away first"
            raise self.error(ConflictError, problem, _SET)
        await self._enter(str(row.id), url)
        return None

    async def remove_webhook(self, webhook: PlacedWebhook) -> None:
        """Clear the address at a domain."""
        await self._enter(webhook.id, "")

    async def _enter(self, domain_id: str, url: str) -> None:
        path = self.path_to("/domains/settings", domain_id, _SET, "domain")
        await self.fetch(SettingsAnswer, Call(_SET, "POST", path, json={"webhookURL": url}, bucket=LINK, writes=True))
