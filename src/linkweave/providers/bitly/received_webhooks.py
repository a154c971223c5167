"""Reads the webhooks that Bitly sends, and makes one for the group."""

from collections.abc import Sequence
from typing import ClassVar, Final

from linkweave.errors import RejectedError
from linkweave.providers.bitly.account import AccountReader
from linkweave.providers.webhook_capabilities import (
    PlacedWebhook,
    WebhookNews,
    WebhookRefusedError,
    WebhookRequest,
    clicked,
    read_hook,
)
from linkweave.providers.wire import EmptyAnswer, Moment, Text, TolerantWire, Wire
from linkweave.transport.call import Call

_CLICK: Final = "decodes"
_NAME: Final = "Linkweave"
_DIRECT: Final = "direct"
_LIST: Final = "list webhooks"
_CREATE: Final = "create webhook"
_DELETE: Final = "delete webhook"


class ClickWebhook(TolerantWire):
    """A click (DOC)."""

    event_id: Text
    bitlink: Text
    datetime: Moment | None = None
    country: str | None = None
    referrer: str | None = None
    device_type: str | None = None


class HookRow(Wire):
    """A webhook. A group's own has `group_guid`."""

    guid: Text
    url: str
    group_guid: str | None = None


class HookAnswer(HookRow, TolerantWire):
    """POST /webhooks."""


class HooksAnswer(TolerantWire):
    """GET /organizations/{guid}/webhooks. The list is in `webhooks`, as other lists of Bitly are."""

    webhooks: tuple[HookRow, ...]


class WebhookReceiver(AccountReader):
    """RECEIVE_WEBHOOKS."""

    webhook_place: ClassVar[str] = "Settings, Webhooks"

    def read_webhook(self, request: WebhookRequest) -> WebhookNews:
        """Returns the click. Bitly tells of no created link, and signs nothing (DOC)."""
        click = read_hook(ClickWebhook, request.data)
        domain, _, slug = click.bitlink.removeprefix("https://").removeprefix("http://").partition("/")
        if not domain or not slug:
            raise WebhookRefusedError("bitlink names no link")
        hint = clicked(
            domain=domain.lower(),
            slug=slug,
            at=click.datetime,
            country=click.country,
            device=click.device_type,
            referrer=None if click.referrer == _DIRECT else click.referrer,
        )
        return WebhookNews((hint,), click.event_id)

    async def webhook_places(self) -> Sequence[str]:
        """The group."""
        return (await self.group(_CREATE),)

    async def placed_webhooks(self) -> Sequence[PlacedWebhook]:
        """Every webhook of the organization; one without a group hears of all groups."""
        path = self.path_to("/organizations", await self._organization_guid(_LIST), _LIST, "organization")
        answer, _ = await self.fetch(HooksAnswer, Call(_LIST, "GET", f"{path}/webhooks"))
        return [PlacedWebhook(row.guid, row.url, row.group_guid or "") for row in answer.webhooks]

    async def place_webhook(self, place: str, url: str) -> str | None:
        """Make a webhook for the group, which needs a paid plan."""
        body = {
            "organization_guid": await self._organization_guid(_CREATE),
            "group_guid": place,
            "name": _NAME,
            "event": _CLICK,
            "url": url,
            "is_active": True,
        }
        await self.fetch(HookAnswer, Call(_CREATE, "POST", "/webhooks", json=body, writes=True))
        return None

    async def remove_webhook(self, webhook: PlacedWebhook) -> None:
        """Delete a webhook."""
        path = self.path_to("/webhooks", webhook.id, _DELETE, "webhook")
        await self.fetch(EmptyAnswer, Call(_DELETE, "DELETE", path, writes=True))

    async def _organization_guid(self, operation: str) -> str:
        group = await self.own_group(operation)
        if group is None or group.organization_guid is None:
            raise self.error(RejectedError, "the token's user has no such group", operation)
        return group.organization_guid
