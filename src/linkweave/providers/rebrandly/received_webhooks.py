"""Reads the clickstream that Rebrandly sends to customers who have bought it (DOC). No API makes one."""

from typing import ClassVar, Final

from pydantic import Field

from linkweave.providers.base import Adapter
from linkweave.providers.webhook_capabilities import (
    LinkHint,
    WebhookNews,
    WebhookRefusedError,
    WebhookRequest,
    clicked,
    read_hook,
)
from linkweave.providers.wire import Moment, Text, TolerantWire, Wire

_BOT: Final = "bot"


class _Location(Wire):
    country: str | None = None


class _Device(Wire):
    name: str | None = None


class _Agent(Wire):
    device: _Device | None = None
    type: str | None = None


class _Client(Wire):
    location: _Location | None = None
    agent: _Agent | None = None


class _Referral(Wire):
    hostname: str | None = None
    protocol: str | None = None
    path: str | None = None

    @property
    def url(self) -> str | None:
        return f"{self.protocol or 'https'}://{self.hostname}{self.path or ''}" if self.hostname else None


class _Route(Wire):
    id: Text


class ClickRow(Wire):
    """A click. The visitor's language, system and session are not read."""

    timestamp: Moment | None = None
    client: _Client | None = None
    referral: _Referral | None = None
    route: _Route


class Clickstream(TolerantWire):
    """Some clicks."""

    rows: tuple[ClickRow, ...] = Field(alias="data")


class WebhookReceiver(Adapter):
    """RECEIVE_WEBHOOKS."""

    webhook_methods: ClassVar[frozenset[str]] = frozenset({"POST", "PUT"})
    webhook_place: ClassVar[str] = "an order of the add-on Clickstream: Rebrandly's staff enter it"

    def read_webhook(self, request: WebhookRequest) -> WebhookNews:
        """Returns the clicks of people. They have no ids, and the agreed header is no signature."""
        stream = read_hook(Clickstream, request.data)
        if stream.left_out.row_count and not stream.rows:
            raise WebhookRefusedError("data has no click with route.id")
        return WebhookNews(tuple(_clicked(row) for row in stream.rows if not _is_bot(row)))


def _is_bot(row: ClickRow) -> bool:
    agent = None if row.client is None else row.client.agent
    return agent is not None and agent.type == _BOT


def _clicked(row: ClickRow) -> LinkHint:
    location = None if row.client is None else row.client.location
    agent = None if row.client is None else row.client.agent
    device = None if agent is None else agent.device
    return clicked(
        row.route.id,
        at=row.timestamp,
        country=None if location is None else location.country,
        device=None if device is None else device.name,
        referrer=None if row.referral is None else row.referral.url,
    )
