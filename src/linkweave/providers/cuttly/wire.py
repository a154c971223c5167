"""Cutt.ly's answers as PHP really sends them, checked.

The document lists the fields. That counts come as strings, lists as objects with the keys "0", "1", … and empty
objects as `[]` is how PHP encodes arrays (FOUND); these and absent fields are accepted, nothing else is.
"""

from typing import Annotated, Any, Final, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from linkweave.providers.cuttly.refusals import number
from linkweave.providers.wire import Wire

Value = TypeVar("Value")
_MOST: Final = 10**15


def _as_count(value: object) -> object:
    counted = number(value)
    return value if counted is None else counted


def _as_list(value: object) -> object:
    if isinstance(value, dict) and all(key.isascii() and key.isdigit() for key in value):
        return list(value.values())
    return value


def _told(value: object) -> object:
    if value is None:
        raise ValueError("a field may be absent, not null")
    return value


Count: TypeAlias = Annotated[int, BeforeValidator(_as_count), Field(strict=True, ge=0, le=_MOST)]
WebUrl: TypeAlias = Annotated[str, Field(pattern=r"(?i)^https?://[^\s/]")]
Rows: TypeAlias = Annotated[tuple[Value, ...], BeforeValidator(_as_list)]
Absent: TypeAlias = Annotated[Value | None, BeforeValidator(_told)]


class _PhpObject(Wire):
    """An object of lists, which is `[]` when there is nothing in any of them."""

    @model_validator(mode="before")
    @classmethod
    def _empty(cls, value: Any) -> Any:
        return {name: [] for name in cls.model_fields} if value == [] else value


class TagRow(Wire):
    """A country, device, … and its clicks."""

    tag: str
    clicks: Count


class ReferrerRow(Wire):
    """A domain that links were clicked on."""

    link: str
    clicks: Count


class BotRow(Wire):
    """A bot by its name."""

    name: str
    clicks: Count


class Devices(_PhpObject):
    """Breakdowns by what is known of the visitor."""

    geo: Absent[Rows[TagRow]] = None
    dev: Absent[Rows[TagRow]] = None
    sys: Absent[Rows[TagRow]] = None
    bro: Absent[Rows[TagRow]] = None
    brand: Absent[Rows[TagRow]] = None
    lang: Absent[Rows[TagRow]] = None


class Referrers(_PhpObject):
    """Breakdown by where the click came from."""

    ref: Absent[Rows[ReferrerRow]] = None


class Bots(_PhpObject):
    """Breakdown of the clicks of bots."""

    bots: Absent[Rows[BotRow]] = None


class LinkStats(Wire):
    """A link that exists. `bots` is a number or a list: the document has it both ways."""

    clicks: Count
    full_link: WebUrl = Field(alias="fullLink")
    short_link: WebUrl = Field(alias="shortLink")
    title: str | None = None
    facebook: Absent[Count] = None
    twitter: Absent[Count] = None
    linkedin: Absent[Count] = None
    rest: Absent[Count] = None
    refs: Absent[Referrers] = None
    devices: Absent[Devices] = None
    bots: Absent[Count | Bots] = None


class StatsAnswer(Wire):
    """The answer to `action=stats` about a link that exists."""

    stats: LinkStats


class Status(Wire):
    """0: no such link, 1: here it is, 2: invalid API key."""

    status: Count


class StatusAnswer(Wire):
    """As much of the answer to `action=stats` as says what the rest of it is."""

    stats: Status


class ShortenedLink(Wire):
    """A link that was just made, without the `url` that it may come wrapped in. The title may be missing (FOUND)."""

    short_link: WebUrl = Field(alias="shortLink")
    title: str | None = None
