"""Reads the webhooks that Dub sends, and makes one for the workspace."""

import hmac
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from linkweave.providers.dub.account import AccountReader
from linkweave.providers.dub.settings import API
from linkweave.providers.webhook_capabilities import (
    HintKind,
    LinkHint,
    PlacedWebhook,
    WebhookForgedError,
    WebhookNews,
    WebhookRequest,
    clicked,
    read_hook,
)
from linkweave.providers.wire import Moment, Text, TolerantWire, Wire
from linkweave.transport.call import Call

_SIGNATURE: Final = "dub-signature"
_CLICKED: Final = "link.clicked"
_CHANGES: Final[Mapping[str, HintKind]] = {
    "link.created": HintKind.CREATED,
    "link.updated": HintKind.UPDATED,
    "link.deleted": HintKind.DELETED,
}
_NAME: Final = "Linkweave"
_DIRECT: Final = "(direct)"


class NamedLink(Wire):
    """The part of a link that names it."""

    id: Text


class Click(Wire):
    """A click, as in `GET /events`. `ip`, `ua`, `city` and `region` are not read."""

    timestamp: Moment | None = None
    country: str | None = None
    device: str | None = None
    referer: str | None = None


class ClickData(Wire):
    """`data` of `link.clicked`."""

    click: Click = Click()
    link: NamedLink


class AnyWebhook(TolerantWire):
    """What every event has."""

    id: Text
    event: Text


class ClickWebhook(AnyWebhook):
    """`link.clicked`."""

    data: ClickData


class ChangeWebhook(AnyWebhook):
    """`link.created`, `link.updated` and `link.deleted`."""

    data: NamedLink


class HookRow(Wire):
    """A webhook. The list has the same fields as the answer to its creation."""

    id: Text
    url: str
    secret: str | None = None


class HookAnswer(HookRow, TolerantWire):
    """POST /webhooks."""


class HooksAnswer(TolerantWire):
    """GET /webhooks, which is a plain array."""

    rows: tuple[HookRow, ...]

    @classmethod
    def prepare(cls, data: object) -> object:
        """The array as an object."""
        return {"rows": data}


class WebhookReceiver(AccountReader):
    """RECEIVE_WEBHOOKS."""

    webhook_place: ClassVar[str] = "Settings, Webhooks, of the workspace"

    def read_webhook(self, request: WebhookRequest) -> WebhookNews:
        """Returns the click or the change. Events of leads, sales and partners say nothing of links."""
        self._check_signature(request)
        told_of = read_hook(AnyWebhook, request.data)
        if told_of.event == _CLICKED:
            return WebhookNews((_clicked(read_hook(ClickWebhook, request.data).data),), told_of.id)
        kind = _CHANGES.get(told_of.event)
        if kind is None:
            return WebhookNews((), told_of.id)
        link = read_hook(ChangeWebhook, request.data).data
        return WebhookNews((LinkHint(kind, link.id),), told_of.id)

    def _check_signature(self, request: WebhookRequest) -> None:
        """FOUND: hex HMAC-SHA256 of the body, with the whole secret."""
        secret = self.settings.webhook_secret
        if secret is None:
            return
        expected = hmac.digest(secret.get_secret_value().encode(), request.body, "sha256").hex()
        given = request.headers.get(_SIGNATURE, "")
        if not hmac.compare_digest(expected.encode(), given.encode()):
            raise WebhookForgedError("Dub-Signature does not fit the body")

    async def webhook_places(self) -> Sequence[str]:
        """One webhook hears of the whole workspace."""
        return ("",)

    async def placed_webhooks(self) -> Sequence[PlacedWebhook]:
        """Every webhook of the workspace."""
        answer, _ = await self.fetch(HooksAnswer, Call("list webhooks", "GET", "/webhooks", bucket=API))
        return [PlacedWebhook(row.id, row.url) for row in answer.rows]

    async def place_webhook(self, place: str, url: str) -> str | None:  # noqa: ARG002 - there is only one place
        """Make a webhook, and return its secret, which Dub signs with. The plan must be Business or above."""
        body = {"name": _NAME, "url": url, "triggers": [_CLICKED, *_CHANGES], "linkScope": "workspace"}
        call = Call("create webhook", "POST", "/webhooks", json=body, bucket=API, writes=True)
        answer, _ = await self.fetch(HookAnswer, call)
        return answer.secret

    async def remove_webhook(self, webhook: PlacedWebhook) -> None:
        """Delete a webhook."""
        operation = "delete webhook"
        path = self.path_to("/webhooks", webhook.id, operation, "webhook")
        await self.client.fetch(Call(operation, "DELETE", path, bucket=API, writes=True))


def _clicked(data: ClickData) -> LinkHint:
    click = data.click
    referrer = None if click.referer == _DIRECT else click.referer
    return clicked(
        data.link.id,
        at=click.timestamp,
        country=click.country,
        device=click.device,
        referrer=referrer,
    )
