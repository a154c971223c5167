"""What a vendor's webhooks tell, as types.

What a webhook says is a hint. The link is read from the vendor before anything of it is shown.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, Final, TypeVar

from linkweave.models import Capability
from linkweave.providers.tolerant_reader import UnreadableError, read_tolerantly
from linkweave.providers.wire import TolerantWire

Model = TypeVar("Model", bound=TolerantWire)

_CODE: Final = 2
_MAX_CHARACTERS: Final = 2_000


class HintKind(Enum):
    """What a webhook says has happened to a link."""

    CLICKED = "CLICKED"
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True)
class LinkHint:
    """What a webhook says of one link, which it names by `handle`, or else by `domain` and `slug`.

    Of the visitor it has a country, a kind of device and the page with the link, where the vendor tells them. Nothing
    that names a person is read.
    """

    kind: HintKind
    handle: str | None = None
    domain: str = ""
    slug: str = ""
    at: datetime | None = None
    country: str | None = None
    device: str | None = None
    referrer: str | None = None

    @property
    def name(self) -> tuple[str, ...]:
        """What names the link: equal for the hints of one link."""
        return (self.domain, self.slug) if self.handle is None else (self.handle,)


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A webhook as it came: its headers, whose names are in lower case, its body, and what is in the body.

    `data` is the JSON value, or the fields of a form.
    """

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    data: object = field(repr=False)
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class WebhookNews:
    """What a webhook says. `event_id` is the vendor's own id of it; None where the vendor gives none."""

    hints: tuple[LinkHint, ...] = ()
    event_id: str | None = None


class WebhookRefusedError(Exception):
    """A webhook that is not what the vendor sends. The message names what is wrong, and never a value."""


class WebhookForgedError(WebhookRefusedError):
    """A webhook whose signature is wrong or missing."""


class CanReceiveWebhooks(ABC):
    """RECEIVE_WEBHOOKS."""

    capability: ClassVar[Capability] = Capability.RECEIVE_WEBHOOKS
    webhook_methods: ClassVar[frozenset[str]] = frozenset({"POST"})
    """The HTTP methods that the vendor uses."""
    webhook_place: ClassVar[str]
    """Where a person enters the address at the vendor, as a phrase such as "Settings, Webhooks"."""

    @abstractmethod
    def read_webhook(self, request: WebhookRequest) -> WebhookNews:
        """Returns what a webhook says; without hints where it says nothing of links. Makes no call.

        Raises:
            WebhookForgedError: the vendor did not sign it.
            WebhookRefusedError: it is not what the vendor sends.
        """


@dataclass(frozen=True, slots=True)
class PlacedWebhook:
    """A webhook at the vendor. `place` is what it belongs to, such as a domain; "" for the whole account."""

    id: str
    url: str = field(repr=False)
    place: str = ""


class CanPlaceWebhooks(CanReceiveWebhooks):
    """A part of RECEIVE_WEBHOOKS: the vendor's API makes webhooks, and takes them away."""

    @abstractmethod
    async def webhook_places(self) -> Sequence[str]:
        """What needs a webhook of its own, so that the gateway hears of all links; ("",) for the whole account."""

    @abstractmethod
    async def placed_webhooks(self) -> Sequence[PlacedWebhook]:
        """Every webhook of the account, those of others too, as the vendor has them now."""

    @abstractmethod
    async def place_webhook(self, place: str, url: str) -> str | None:
        """Make a webhook. Returns the secret with which the vendor will sign; None where it does not sign.

        Raises:
            ConflictError: the place has another one, and room for no more.
            VendorError: there is none, or there may be one.
        """

    @abstractmethod
    async def remove_webhook(self, webhook: PlacedWebhook) -> None:
        """Take a webhook away.

        Raises:
            VendorError: it is there still, or may be.
        """


def read_hook(model: type[Model], data: object) -> Model:
    """`data` as `model`.

    Raises:
        WebhookRefusedError: it has another shape. The message names the field.
    """
    try:
        return read_tolerantly(model, data)
    except UnreadableError as problem:
        raise WebhookRefusedError(f"{problem} is missing or has an unexpected shape") from None


def clicked(
    handle: str | None = None,
    *,
    domain: str = "",
    slug: str = "",
    at: datetime | None,
    country: str | None = None,
    device: str | None = None,
    referrer: str | None = None,
) -> LinkHint:
    """The hint of a click. A country that is no code is left out, and so is what says nothing."""
    visitor = (_country_code(country), _told(device), _told(referrer))
    return LinkHint(HintKind.CLICKED, handle, domain, slug, at, *visitor)


def nested(form: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a form, with those such as `data[hash]` in an object `data`, as PHP writes them."""
    fields: dict[str, Any] = {}
    for name, value in form.items():
        outer, bracket, rest = name.partition("[")
        inner = fields.setdefault(outer, {}) if bracket and rest.endswith("]") else None
        if isinstance(inner, dict):
            inner[rest.removesuffix("]")] = value
        else:
            fields[name] = value
    return fields


def _country_code(value: str | None) -> str | None:
    """`value` as an ISO 3166-1 alpha-2 code; None where it is none."""
    return value.upper() if value is not None and len(value) == _CODE and value.isascii() and value.isalpha() else None


def _told(value: str | None) -> str | None:
    """`value` where it says something, and no more of it than anybody reads."""
    return value.strip()[:_MAX_CHARACTERS] or None if value is not None else None
